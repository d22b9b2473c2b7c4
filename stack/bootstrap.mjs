// The first thing that runs: needs nothing but Node. Checks the machine, installs the npm packages, hands over to main.ts.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findJdk, gatherFacts, missing, needsOf } from './prerequisites.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const env = process.env;
const cache = resolve(env['RATEHOUSE_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ratehouse'));
const home = resolve(env['RATEHOUSE_HOME'] ?? join(root, '.ratehouse'));
const portBase = Number(env['RATEHOUSE_PORT_BASE'] ?? 19000);
const command = process.argv[2] ?? 'start';

/** Commands that only look at, or end, what is there. */
const light = ['status', 'stop', 'logs', 'reset', 'task'];

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(2);
}

if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 32_600)
  fail(
    `RATEHOUSE_PORT_BASE must be a whole number from 1024 to 32600 (below the ephemeral ports); found ${env['RATEHOUSE_PORT_BASE']}.`,
  );

if (light.includes(command)) {
  if (!existsSync(join(root, 'node_modules', 'tsx'))) fail('Nothing is installed yet, so nothing runs. Run: npm start');
  // A task may start Spark.
  for (const major of [17, 25]) env[`RATEHOUSE_JAVA${major}_HOME`] = findJdk(major, env) ?? '';
} else {
  const ports = command === 'start' ? JSON.parse(readFileSync(join(root, 'stack', 'ports.json'), 'utf8')) : {};
  const facts = await gatherFacts({ cache, home, portBase, ports, env });
  const lines = missing(facts, portBase, needsOf(lane()));
  if (lines.length > 0) fail(`Ratehouse cannot start on this machine yet:\n${lines.map((l) => `  - ${l}`).join('\n')}`);
  env['RATEHOUSE_JAVA17_HOME'] = facts.java17;
  env['RATEHOUSE_JAVA25_HOME'] = facts.java25;
  installNpmPackages();
}

/** The lane of this start, or of the one before it where this one does not say. */
function lane() {
  if (command !== 'start') return undefined;
  const said = /--lane[= ](\w+)/.exec(process.argv.slice(3).join(' '))?.[1];
  const stored = join(home, 'etc', 'start.json');
  return said ?? (existsSync(stored) ? JSON.parse(readFileSync(stored, 'utf8')).lane : undefined);
}

function installNpmPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.ratehouse-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  // npm would empty the folder that a link leads to, which others use.
  const folder = join(root, 'node_modules');
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(folder);
  // Not on stdout, which some commands keep for their result.
  console.error('npm packages: installing ...');
  const npm = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--prefer-offline', '--loglevel=error', '--cache', join(cache, 'npm')],
    {
      cwd: root,
      stdio: ['ignore', process.stderr, 'inherit'],
    },
  );
  if (npm.status !== 0)
    fail('npm ci failed; its message is above. What was downloaded is kept: run the same command again.');
  writeFileSync(stamp, lock);
}

const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'stack', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...env, RATEHOUSE_CACHE: cache, RATEHOUSE_HOME: home, RATEHOUSE_PORT_BASE: String(portBase) },
});
// The terminal sends Ctrl-C to the whole group; a plain kill reaches only this process and is passed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
