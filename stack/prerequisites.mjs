// What this machine must have. No dependency but Node's own modules: nothing is installed yet when this runs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

/** GiB that the stack takes, with room to work. */
export const NEEDS = { memoryGiB: 12, diskGiB: 12, node: [20, 19], python: [3, 11] };

/** Without the batch lane. */
export const SPEED_LANE_NEEDS = { ...NEEDS, memoryGiB: 6, diskGiB: 8 };

/** Kafka, registry and Connect alone. */
export const SOURCE_LANE_NEEDS = { ...NEEDS, memoryGiB: 3, diskGiB: 5 };

/**
 * What a stack of a lane takes.
 * @param {string | undefined} lane
 */
export function needsOf(lane) {
  return lane === 'speed' ? SPEED_LANE_NEEDS : lane === 'source' ? SOURCE_LANE_NEEDS : NEEDS;
}

/** @typedef {{ platform: string, node: string, python: string | undefined, pythonVenv: boolean, java17: string | undefined, java25: string | undefined, maven: string | undefined, memoryGiB: number, diskGiB: number, takenPorts: { name: string, port: number }[] }} Facts */

/** @param {string} text @param {number[]} least */
function atLeast(text, least) {
  const found = text.split('.').map(Number);
  for (const [i, want] of least.entries()) {
    const have = found[i] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}

/**
 * Everything that is missing, one line each; empty when the machine will do.
 * @param {Facts} facts
 * @param {number} portBase
 * @param {typeof NEEDS} needs
 * @returns {string[]}
 */
export function missing(facts, portBase, needs = NEEDS) {
  const lines = [];
  if (facts.platform !== 'linux-x64')
    lines.push(`Linux on x64 is needed; this is ${facts.platform}. The engines' pinned packages exist for no other.`);
  if (!atLeast(facts.node, NEEDS.node))
    lines.push(
      `Node ${NEEDS.node.join('.')} or newer is needed; found ${facts.node}. Install it and put it first in PATH.`,
    );
  if (facts.python === undefined || !atLeast(facts.python, NEEDS.python))
    lines.push(
      `Python ${NEEDS.python.join('.')} or newer is needed as python3; found ${facts.python ?? 'none'}. Install it (Debian: apt-get install python3 python3-venv).`,
    );
  else if (!facts.pythonVenv)
    lines.push('Python has no venv module. Install it (Debian: apt-get install python3-venv).');
  if (facts.java17 === undefined)
    lines.push(
      'JDK 17 is needed (Kafka, Flink, the connectors); none found. Install it (Debian: openjdk-17-jdk-headless) or set RATEHOUSE_JAVA17_HOME.',
    );
  if (facts.java25 === undefined)
    lines.push(
      'JDK 25 is needed (Schema Registry); none found. Install it (for example Temurin 25) or set RATEHOUSE_JAVA25_HOME.',
    );
  if (facts.maven === undefined)
    lines.push(
      'Maven (mvn) is needed to fetch the engines and build the connectors; none found in PATH. Install it (Debian: apt-get install maven).',
    );
  if (facts.memoryGiB < needs.memoryGiB)
    lines.push(
      `${needs.memoryGiB} GiB of available memory are needed; ${facts.memoryGiB.toFixed(1)} GiB are free. Stop something, use a larger machine, or leave out the batch lane (npm start -- --lane speed: ${SPEED_LANE_NEEDS.memoryGiB} GiB).`,
    );
  if (facts.diskGiB < needs.diskGiB)
    lines.push(
      `${needs.diskGiB} GiB of free disk are needed for the cache and the data; ${facts.diskGiB.toFixed(1)} GiB are free. Free some, or point RATEHOUSE_CACHE and RATEHOUSE_HOME elsewhere.`,
    );
  if (facts.takenPorts.length > 0) {
    const ports = facts.takenPorts.map((p) => `${p.port} (${p.name})`).join(', ');
    lines.push(
      `${facts.takenPorts.length === 1 ? 'A port is' : 'Ports are'} taken by another program: ${ports}. Stop it, or choose another range: RATEHOUSE_PORT_BASE (now ${portBase}).`,
    );
  }
  return lines;
}

/** @param {string} command @param {string[]} args */
function output(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 });
  } catch {
    return undefined;
  }
}

/** The home of a JDK (not a JRE) of a major version. @param {number} major @param {NodeJS.ProcessEnv} env */
export function findJdk(major, env) {
  const roots = (env['RATEHOUSE_JVM_DIRS'] ?? '/usr/lib/jvm:/opt:/opt/java').split(':');
  const homes = [env[`RATEHOUSE_JAVA${major}_HOME`], env['JAVA_HOME']];
  for (const dir of (env['PATH'] ?? '').split(':')) {
    if (existsSync(join(dir, 'javac'))) homes.push(dirname(dirname(realpathSync(join(dir, 'javac')))));
  }
  for (const root of roots)
    if (existsSync(root)) for (const name of readdirSync(root).sort()) homes.push(join(root, name));
  for (const home of homes) {
    if (home === undefined || home === '' || !existsSync(join(home, 'bin', 'javac'))) continue;
    try {
      const version = /JAVA_VERSION="(\d+)/.exec(readFileSync(join(home, 'release'), 'utf8'));
      if (version !== null && Number(version[1]) === major) return home;
    } catch {
      // Not a JDK's home: it has no release file.
    }
  }
  return undefined;
}

/** @param {number} port @returns {Promise<boolean>} */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** @param {Record<string, number>} offsets @param {number} base */
export async function takenPorts(offsets, base) {
  const all = await Promise.all(
    Object.entries(offsets).map(async ([name, offset]) => ({
      name,
      port: base + offset,
      free: await isFree(base + offset),
    })),
  );
  return all.filter((p) => !p.free).map(({ name, port }) => ({ name, port }));
}

/**
 * Whether processes of this stack run, also without their supervisor: its ports are then taken by itself.
 * @param {string} home
 */
export function stackRuns(home) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        return variables.includes(`RATEHOUSE_HOME=${home}`) && variables.some((v) => v.startsWith('RATEHOUSE_ENGINE='));
      } catch {
        // It has ended meanwhile, or is another user's.
        return false;
      }
    });
}

/** @param {string} path */
function freeGiB(path) {
  mkdirSync(path, { recursive: true });
  const s = statfsSync(path);
  return (s.bavail * s.bsize) / 2 ** 30;
}

/**
 * @param {{ cache: string, home: string, portBase: number, ports: Record<string, number>, env: NodeJS.ProcessEnv }} where
 * @returns {Promise<Facts>}
 */
export async function gatherFacts({ cache, home, portBase, ports, env }) {
  const running = stackRuns(home);
  const python = output('python3', ['-c', 'import sys; print(".".join(map(str, sys.version_info[:3])))'])?.trim();
  const available = /MemAvailable:\s+(\d+) kB/.exec(
    existsSync('/proc/meminfo') ? readFileSync('/proc/meminfo', 'utf8') : '',
  );
  return {
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    python,
    pythonVenv: output('python3', ['-c', 'import venv, ensurepip']) !== undefined,
    java17: findJdk(17, env),
    java25: findJdk(25, env),
    maven: output('mvn', ['-v']) === undefined ? undefined : 'mvn',
    // A running stack has its memory already, and holds its own ports.
    memoryGiB: running || available === null ? Infinity : Number(available[1]) / 2 ** 20,
    diskGiB: Math.min(freeGiB(cache), freeGiB(home)),
    takenPorts: running ? [] : await takenPorts(ports, portBase),
  };
}
