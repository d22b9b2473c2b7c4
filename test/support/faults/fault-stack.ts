import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { processesIn } from '../../../stack/lib/processes.ts';
import { readStartOptions, writeStartOptions } from '../../../stack/lib/start-options.ts';
import { describe as textOf } from '../../../tasks/src/lib/error.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { readRecording, scaled, type RecordedTrade } from '../oracle.ts';
import { replayIs } from '../replay.ts';
import { recordingOf, TestStack, type TestStackOptions } from '../test-stack.ts';
import { onSmallDisks } from './disk.ts';
import { freezeFor, killAtOnce } from './process-faults.ts';
import { writeTwice } from './recording.ts';
import { lastCommit, readMarks, unwell } from './signs.ts';
import { recoveryTable, type Recovery } from './times.ts';

/** Within this, a stack has recovered from any fault, with no hand laid on: also on a machine that has other things to do. */
export const RECOVERS_WITHIN_MS = 600_000;

/** A test may take the whole of it twice, and something beside. */
export const TEST_TIMEOUT_MS = 3 * RECOVERS_WITHIN_MS;

/** The lane of the stacks: `speed` is for a small machine, or for who develops. */
export const faultsLane = (): 'both' | 'speed' => (process.env['RATEHOUSE_FAULTS_LANE'] === 'speed' ? 'speed' : 'both');

export interface FaultStackOptions extends TestStackOptions {
  /** Recorded seconds in a second, while the faults last: the recording must not end before them. */
  readonly speed: number;
  /** Folders of its data that are file systems of their own: MiB by folder. */
  readonly disks?: Readonly<Record<string, number>>;
}

/** A stack on which 200,000 trades play while its parts are made to fail. */
export class FaultStack {
  readonly test: TestStack;
  readonly sentLog: string;
  readonly recoveries: Recovery[] = [];
  /** Trades that came in beside the recording. */
  readonly injected: RecordedTrade[] = [];
  recording: readonly RecordedTrade[] = [];

  constructor(private readonly options: FaultStackOptions) {
    this.test = new TestStack(21_000, options);
    this.sentLog = join(this.test.stack.home, 'sent.log');
    // Of its own, so that what is left in it is this stack's.
    this.test.env['TMPDIR'] = this.test.stack.dir('tmp');
  }

  get hasLake(): boolean {
    return faultsLane() === 'both';
  }

  async start(): Promise<void> {
    const { stack } = this.test;
    const input = join(stack.home, 'twice.csv');
    await writeTwice(recordingOf(stack), input);
    this.recording = await readRecording(input);
    const replay = ['--align', 'recorded', '--input', input, '--sent-log', this.sentLog];
    const within = this.options.disks === undefined ? [] : onSmallDisks(stack, this.options.disks);
    await this.test.mustRunWithin(
      within,
      'start',
      '--lane',
      faultsLane(),
      '--speed',
      String(this.options.speed),
      ...replay,
    );
  }

  /**
   * Does what is asked, which is all that is done, and waits until the stack works again; the time counts from its end.
   * @param fault what was done, as the table of times tells it
   */
  async strike(fault: string, act: () => Promise<unknown>): Promise<Recovery> {
    await act();
    const began = Date.now();
    const seconds = (): number => (Date.now() - began) / 1000;
    await this.until(fault, 'what fails', async () => (await unwell(this.test, began)).join(', '));
    const engines = seconds();
    const marks = await this.ask(fault, () => readMarks(this.test));
    const commit = this.hasLake ? await this.ask(fault, () => lastCommit(this.test)) : 0;
    await this.until(fault, 'what stands still', async () => {
      const now = await readMarks(this.test);
      return [now.trades > marks.trades ? '' : 'trades', now.candle > marks.candle ? '' : 'candles'].join('');
    });
    const stream = seconds();
    if (this.hasLake)
      await this.until(fault, 'what stands still', async () =>
        (await lastCommit(this.test)) > commit ? '' : 'the lake',
      );
    const recovery = { fault, engines, stream, lake: this.hasLake ? seconds() : undefined };
    this.recoveries.push(recovery);
    return recovery;
  }

  private ask<T>(fault: string, question: () => Promise<T>): Promise<T> {
    const what = `an answer after ${fault}`;
    return waitFor(async () => ({ answer: await question() }), { what, timeoutMs: RECOVERS_WITHIN_MS }).then(
      ({ answer }) => answer,
    );
  }

  /** Waits until there is nothing to complain of any more; says what there was when it gives up. */
  private async until(fault: string, what: string, complaint: () => Promise<string>): Promise<void> {
    let last = '';
    const well = async (): Promise<boolean> => {
      last = await complaint().catch((error: unknown) => textOf(error));
      return last === '';
    };
    try {
      await waitFor(well, { what: `${what} after ${fault}`, timeoutMs: RECOVERS_WITHIN_MS, intervalMs: 500 });
    } catch (cause) {
      throw new Error(`${fault}: after ${RECOVERS_WITHIN_MS / 1000} s: ${last}`, { cause });
    }
  }

  /** Has the feed send a trade with a time of its own, epoch ms. */
  async inject(time: number): Promise<void> {
    const [price, volume] = ['1000.12345678', '0.00000001'];
    this.injected.push({ time, price: scaled(price, 8), volume: scaled(volume, 8) });
    const { stack } = this.test;
    const response = await fetch(`${stack.url('replay-feed')}/faults`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${stack.credentials.replayToken}` },
      body: JSON.stringify({ fault: 'late', time, price, volume }),
    });
    if (response.status !== 202) throw new Error(`the replay answered ${response.status} to a trade of ${time}`);
  }

  kill(...names: string[]): Promise<void> {
    return killAtOnce(this.test, names);
  }

  freeze(seconds: number, ...names: string[]): Promise<void> {
    return freezeFor(this.test, seconds, names);
  }

  /** Plays the rest of the recording as fast as it goes. */
  async playToEnd(): Promise<void> {
    const { stack } = this.test;
    writeStartOptions(stack, { ...readStartOptions(stack), speed: 'max' });
    // Only the replay has another command line, and so only it is started anew.
    await this.test.mustRun('start', '--engines-only');
    await replayIs(this.test, 'the end of the recording', ({ done }) => done, 540_000);
  }

  /** Processes that work in a temporary folder of this stack: Spark and dbt, which carry no engine's name. */
  processesOfTasks(): string[] {
    const { stack } = this.test;
    return [stack.dir('tmp'), stack.dir('run', 'tasks')].flatMap(processesIn).map(({ commandLine }) => commandLine);
  }

  /** Prints how long each recovery took, and removes the stack; after a failure its logs are kept where RATEHOUSE_FAULTS_LOGS says. */
  async remove(title: string): Promise<void> {
    process.stdout.write(`\n${recoveryTable(title, this.recoveries)}\n\n`);
    const kept = process.env['RATEHOUSE_FAULTS_LOGS'];
    if (kept !== undefined) cpSync(join(this.test.stack.home, 'logs'), kept, { recursive: true });
    await this.test.remove();
  }
}
