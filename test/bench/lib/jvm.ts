import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../../../stack/lib/run.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';

const SAMPLE_MS = 250;
const ROUNDS = 3;

/** A JVM as the JDK's own tools see it; they are run as the user that runs it. */
export class Jvm {
  constructor(
    private readonly home: string,
    private readonly pid: number,
  ) {}

  /** The most of its heap that was in use, garbage included, in MiB: the largest of samples taken until `over`. */
  async peakMib(over: Promise<void>): Promise<number> {
    const jstat = spawn(join(this.home, 'bin', 'jstat'), ['-gc', String(this.pid), String(SAMPLE_MS)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let names: readonly string[] | undefined;
    let peak = 0;
    createInterface({ input: jstat.stdout }).on('line', (line) => {
      const cells = line.trim().split(/\s+/);
      if (names === undefined) names = cells;
      // Survivors, eden and old generation, in KiB.
      else peak = Math.max(peak, sum(names, cells, ['S0U', 'S1U', 'EU', 'OU']) / 1024);
    });
    try {
      await over;
    } finally {
      jstat.kill('SIGTERM');
    }
    if (!(peak > 0)) throw new RatehouseError('RATEHOUSE_REFUSED', `jstat said nothing of process ${this.pid}.`);
    return peak;
  }

  /**
   * What is alive on the heap, in MiB: the histogram of classes, which collects garbage and counts in one pause, so that nothing is
   * allocated in between. The middle of three, for what is under way is alive too.
   */
  async liveMib(signal: AbortSignal): Promise<number> {
    const found: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = await run([join(this.home, 'bin', 'jcmd'), String(this.pid), 'GC.class_histogram'], { signal });
      const bytes = /^Total\s+\d+\s+(\d+)/m.exec(text)?.[1];
      if (bytes === undefined) throw new RatehouseError('RATEHOUSE_BAD_DATA', 'The histogram of jcmd has no total.');
      found.push(Number(bytes) / 2 ** 20);
    }
    return found.sort((a, b) => a - b)[1] ?? NaN;
  }
}

function sum(names: readonly string[], cells: readonly string[], wanted: readonly string[]): number {
  return wanted.reduce((total, name) => total + Number(cells[names.indexOf(name)] ?? NaN), 0);
}
