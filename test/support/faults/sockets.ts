import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf, enginesOf } from '../../../stack/lib/processes.ts';
import type { Stack } from '../../../stack/lib/stack.ts';

/** The local ports of all TCP connections of an engine, and of what runs below it, at this moment. */
export function localPortsOf(stack: Stack, engine: string): Set<number> {
  const roots = enginesOf(stack).filter((each) => each.engine === engine);
  const pids = new Set(roots.flatMap(({ pid }) => [pid, ...descendantsOf(pid).map((each) => each.pid)]));
  const inodes = new Set([...pids].flatMap(socketsOf));
  const ports = new Set<number>();
  for (const file of ['tcp', 'tcp6']) {
    for (const line of readFileSync(join('/proc/net', file), 'utf8').split('\n').slice(1)) {
      const cells = line.trim().split(/\s+/);
      if (inodes.has(cells[9] ?? '')) ports.add(parseInt((cells[1] ?? '').split(':')[1] ?? '0', 16));
    }
  }
  return ports;
}

/** The inodes of a process's sockets. */
function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, fd)))?.[1] ?? [];
      } catch {
        // It was closed meanwhile.
        return [];
      }
    });
  } catch {
    // The process has ended.
    return [];
  }
}
