import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildJava, javaSources } from './install-java.ts';
import { installMaven } from './install-maven.ts';
import { installPypi } from './install-pypi.ts';
import type { Installed } from './engine.ts';
import type { Package } from './package.ts';
import { run } from './run.ts';
import type { Stack } from './stack.ts';

export interface InstallContext {
  readonly stack: Stack;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export function lockPath(stack: Stack, item: Package): string {
  const file = { maven: `${item.name}.sha256`, pypi: `${item.name}.txt`, npm: join(item.name, 'package-lock.json') };
  return item.kind === 'maven-build' ? '' : join(stack.root, 'stack', 'locks', file[item.kind]);
}

/**
 * Where a package is, or will be: a folder named by the hash of what pins it, so that another version is another folder.
 * A half-made one is never taken for whole: it is made under another name and renamed at its end.
 */
function folderOf(item: Package, stack: Stack): string {
  const lock = lockPath(stack, item);
  const pinned = item.kind === 'maven-build' ? javaSources(stack) : existsSync(lock) ? readFileSync(lock) : '';
  const key = createHash('sha256').update(JSON.stringify(item)).update(pinned).digest('hex').slice(0, 12);
  return join(stack.cache, 'packages', `${item.name}-${key}`);
}

export function locate(packages: readonly Package[], stack: Stack): Installed {
  return Object.fromEntries(packages.map((item) => [item.name, folderOf(item, stack)]));
}

/** Brings packages into the cache; what is there already is left alone. */
export async function install(packages: readonly Package[], context: InstallContext): Promise<Installed> {
  const installed = locate(packages, context.stack);
  for (const item of new Map(packages.map((each) => [each.name, each])).values()) {
    const folder = installed[item.name] ?? '';
    if (existsSync(folder)) continue;
    const began = Date.now();
    context.say(`  ${item.name}: ${item.kind === 'maven-build' ? 'building' : 'installing'} ...`);
    await make(item, folder, context);
    context.say(`  ${item.name}: done in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  }
  return installed;
}

async function make(item: Package, folder: string, context: InstallContext): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    if (item.kind === 'maven') await installMaven(item, partial, lockPath(context.stack, item), context);
    else if (item.kind === 'npm') await installNpm(item.name, partial, context);
    else if (item.kind === 'maven-build') await buildJava(partial, context);
    else await installPypi(partial, lockPath(context.stack, item), context);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function installNpm(name: string, folder: string, { stack, signal }: InstallContext): Promise<void> {
  cpSync(join(stack.root, 'stack', 'locks', name), folder, { recursive: true });
  const cache = join(stack.cache, 'npm');
  await run(['npm', 'ci', '--ignore-scripts', '--prefer-offline', '--loglevel=error', '--cache', cache], {
    cwd: folder,
    signal,
  });
}
