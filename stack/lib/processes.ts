import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import type { Stack } from './stack.ts';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process is gone, or is another user's.
    return '';
  }
}

/** Whether a pid is a live process whose command line holds a text: a pid alone may have been given to another program. */
export function isAlive(pid: number, commandLineHolds = ''): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
  return state !== '' && state !== 'Z' && read(`/proc/${pid}/cmdline`).includes(commandLineHolds);
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Processes that were started as an engine of this stack: they carry its home and their engine's name in their environment. */
export function enginesOf(stack: Stack): { pid: number; engine: string }[] {
  return pids().flatMap((pid) => {
    if (pid === process.pid || !isAlive(pid)) return [];
    const variables = read(`/proc/${pid}/environ`).split('\0');
    if (!variables.includes(`RATEHOUSE_HOME=${stack.home}`)) return [];
    const engine = variables.find((v) => v.startsWith('RATEHOUSE_ENGINE='));
    return engine === undefined ? [] : [{ pid, engine: engine.slice('RATEHOUSE_ENGINE='.length) }];
  });
}

/** A process and all below it. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of pids()) {
    const stat = read(`/proc/${pid}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** Resident memory in bytes of a process and all below it. */
export function memoryOf(root: number): number {
  const pages = (pid: number): number => Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
  return treeOf(root).reduce((sum, pid) => sum + pages(pid) * 4096, 0);
}

/** The processes below another, with their command lines. */
export function descendantsOf(root: number): { pid: number; commandLine: string }[] {
  const below = treeOf(root).filter((pid) => pid !== root);
  return below.map((pid) => ({ pid, commandLine: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }));
}

/** Processes that work in a folder or one below it. */
export function processesIn(folder: string): { pid: number; commandLine: string }[] {
  return pids()
    .filter((pid) => isAlive(pid) && `${workingFolder(pid)}/`.startsWith(`${folder}/`))
    .map((pid) => ({ pid, commandLine: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }));
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // The process is gone, or is another user's.
    return '';
  }
}

/** Ends engines that no supervisor holds any more (it was killed itself), by pid. */
export async function endStray(stack: Stack): Promise<number> {
  const stray = enginesOf(stack);
  const signal = (name: NodeJS.Signals): void => {
    for (const { pid } of enginesOf(stack)) {
      try {
        process.kill(pid, name);
      } catch {
        // It ended meanwhile.
      }
    }
  };
  if (stray.length === 0) return 0;
  signal('SIGTERM');
  const none = (): Promise<boolean> => Promise.resolve(enginesOf(stack).length === 0);
  try {
    await waitFor(none, { what: 'stray engines to end', timeoutMs: 20_000 });
  } catch {
    signal('SIGKILL');
    await waitFor(none, { what: 'killed engines to be gone', timeoutMs: 10_000 });
  }
  return stray.length;
}
