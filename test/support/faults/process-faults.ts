import { execFileSync } from 'node:child_process';
import { descendantsOf, isAlive } from '../../../stack/lib/processes.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { TestStack } from '../test-stack.ts';

/** How long a fault lasts, not how long something may take: nothing can be waited for. */
export const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, seconds * 1000));

/** SIGKILLs engines at once. */
export async function killAtOnce(test: TestStack, names: readonly string[]): Promise<void> {
  for (const pid of await pidsOf(test, names)) process.kill(pid, 'SIGKILL');
}

/** Freezes engines, with all that runs below them, for so long. */
export async function freezeFor(test: TestStack, seconds: number, names: readonly string[]): Promise<void> {
  const pids = (await pidsOf(test, names)).flatMap((pid) => [pid, ...descendantsOf(pid).map((each) => each.pid)]);
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended: a task, say, that had done its work.
      }
    }
  };
  signal('SIGSTOP');
  await pause(seconds);
  signal('SIGCONT');
}

/**
 * For so long an engine cannot make a file longer, as on a full disk: a limit of its process, for which nobody needs a right.
 * The error it gets is EFBIG; the suite of faults gives it a file system that is full. A process that takes its place when it
 * dies of it has no limit.
 */
export async function withoutRoom(test: TestStack, seconds: number, name: string): Promise<void> {
  const [pid = 0] = await pidsOf(test, [name]);
  const limit = (soft: string): void => {
    execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${soft}:`]);
  };
  limit('1');
  await pause(seconds);
  if (isAlive(pid)) limit('unlimited');
}

/** Processes of engines that run at this moment; waits for those that are about to. */
function pidsOf(test: TestStack, names: readonly string[]): Promise<number[]> {
  return waitFor(() => Promise.all(names.map((name) => test.pid(name))), {
    what: `${names.join(' and ')} to have a process`,
    timeoutMs: 180_000,
  });
}
