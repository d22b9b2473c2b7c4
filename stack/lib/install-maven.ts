import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import type { InstallContext } from './install.ts';
import type { Package } from './package.ts';
import { run } from './run.ts';

type MavenPackage = Extract<Package, { kind: 'maven' }>;

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.9.0';

/** The Maven call that every use here shares: batch, its repository in the cache, where a broken download goes on. */
export function mvn(context: InstallContext, ...args: string[]): Promise<string> {
  const { stack, signal } = context;
  const repository = `-Dmaven.repo.local=${join(stack.cache, 'm2')}`;
  return run(['mvn', '-B', '-q', '-ntp', repository, ...args], {
    signal,
    env: { ...process.env, JAVA_HOME: stack.java17 },
  });
}

/** Fetches artifacts through Maven into a folder, and checks every file against the lock of SHA-256 sums. */
export async function installMaven(
  item: MavenPackage,
  folder: string,
  lock: string,
  context: InstallContext,
): Promise<void> {
  const pom = join(folder, 'pom.xml');
  const out = item.folder === undefined ? folder : join(folder, item.folder);
  mkdirSync(out, { recursive: true });
  writeFileSync(pom, pomOf(item));
  await mvn(
    context,
    '-f',
    pom,
    `${DEPENDENCY_PLUGIN}:copy-dependencies`,
    `-DoutputDirectory=${out}`,
    '-DincludeScope=runtime',
  );
  rmSync(pom);
  const found = await sums(out);
  if (process.env['RATEHOUSE_WRITE_LOCKS'] === '1') writeFileSync(lock, found);
  else {
    const wanted = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
    if (found !== wanted) throw different(item.name, found, wanted);
  }
  if (item.unpack !== true) return;
  for (const name of readdirSync(out)) {
    const jar = [join(context.stack.java17, 'bin', 'jar'), 'xf', name];
    await run(name.endsWith('.tar.gz') ? ['tar', '-xzf', name] : jar, { cwd: out });
    rmSync(join(out, name));
  }
  if (item.prune !== undefined) prune(join(out, item.prune.folder), item.prune.keep);
}

function prune(folder: string, keep: readonly string[]): void {
  const names = readdirSync(folder);
  const absent = keep.filter((name) => !names.includes(name));
  if (absent.length > 0)
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `Wanted ${absent.join(', ')} in ${folder}, found ${names.join(', ')}.`,
    );
  for (const name of names) if (!keep.includes(name)) rmSync(join(folder, name), { recursive: true });
}

function different(name: string, found: string, wanted: string): RatehouseError {
  const locked = new Set(wanted.split('\n'));
  const unlike = found.split('\n').filter((line) => !locked.has(line));
  return new RatehouseError(
    'RATEHOUSE_BAD_DATA',
    `What Maven fetched for ${name} is not what stack/locks/${name}.sha256 pins: ${unlike.join('; ') || 'files are missing'}. ` +
      'Remove the cached files named above from the Maven repository in RATEHOUSE_CACHE and run the same command again.',
  );
}

/** `<sha256>  <file name>` for each file, sorted by name. */
async function sums(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    lines.push(`${hash.digest('hex')}  ${name}`);
  }
  return `${lines.join('\n')}\n`;
}

function pomOf(item: MavenPackage): string {
  const dependencies = item.artifacts.map((artifact) => {
    const [group = '', id = '', version = '', type = 'jar', classifier = ''] = artifact.split(':');
    const alone = item.transitive
      ? ''
      : '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
    return (
      `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version><type>${type}</type>` +
      `${classifier === '' ? '' : `<classifier>${classifier}</classifier>`}${alone}</dependency>`
    );
  });
  return (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>org.ratehouse.stack</groupId>' +
    `<artifactId>${item.name}</artifactId><version>1</version><packaging>pom</packaging><dependencies>${dependencies.join('')}</dependencies></project>`
  );
}
