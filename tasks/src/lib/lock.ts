import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { waitFor } from './wait.ts';

/** Whether a process of this machine lives. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs `work` while no other process of this machine runs under the same lock file. A lock whose holder is dead is taken over.
 * @throws RATEHOUSE_TIMEOUT when the holder does not end in time
 */
export async function withLock<T>(
  file: string,
  timeoutMs: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await waitFor(
    () => {
      if (existsSync(file) && !lives(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true });
      try {
        writeFileSync(file, String(process.pid), { flag: 'wx' });
        return Promise.resolve(true);
      } catch {
        // Held by another.
        return Promise.resolve(false);
      }
    },
    { what: `another process to release ${file}`, timeoutMs, signal },
  );
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
