import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../../../stack/lib/stack.ts';
import type { TestStack } from '../test-stack.ts';
import { pause } from './process-faults.ts';

const MIB = 1024 * 1024;
const LAST_OF_IT = 32 * MIB;

/** What makes `mount` possible for who is not root: name spaces of its own, which end with the last process in them. */
const UNSHARE = ['unshare', '--user', '--map-root-user', '--mount'];

/**
 * The command by which a stack is started for the first time so that folders of its data are small file systems of its own: seen by the stack's
 * processes alone, gone with them, and mounted without any right of the person who runs the tests.
 * @param sizes MiB by the folder below `data`
 */
export function onSmallDisks(stack: Stack, sizes: Readonly<Record<string, number>>): readonly string[] {
  const mounts = Object.entries(sizes).map(
    ([name, size]) => `mount -t tmpfs -o size=${size}m,mode=700 tmpfs '${stack.dir('data', name)}'`,
  );
  return [...UNSHARE, 'sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh'];
}

/** Why such file systems cannot be had here; undefined when they can. */
export function refusesSmallDisks(): string | undefined {
  try {
    execFileSync('unshare', [...UNSHARE.slice(1), 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt'], {
      stdio: 'pipe',
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The disk under a folder of a stack's data, as an engine that is alive sees it. */
export class Disk {
  constructor(
    private readonly test: TestStack,
    private readonly folder: string,
  ) {}

  /**
   * Fills it to the last byte. Room is made again with `empty`, also when an engine has died of it. The last of it goes a
   * second later, as it does on a disk that is larger than the memory: see keep_free_space_bytes of ClickHouse's configuration.
   */
  async fill(): Promise<void> {
    const file = openSync(this.path(), 'w');
    const { bavail, bsize } = statfsSync(this.path());
    try {
      for (let left = bavail * bsize; left > LAST_OF_IT; left -= MIB) writeSync(file, Buffer.alloc(MIB));
      await pause(1);
      for (const size of [MIB, 4096]) {
        for (;;) if (writeSync(file, Buffer.alloc(size)) < size) break;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  empty(): void {
    rmSync(this.path());
  }

  /** Through the supervisor, which lives in the same name space and does not die of a full disk. */
  private path(): string {
    return `/proc/${this.test.supervisorPid()}/root${join(this.test.stack.home, 'data', this.folder, 'filler')}`;
  }
}
