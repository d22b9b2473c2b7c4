import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { allJobs, runningJobs } from '../../../tasks/src/lib/flink/cluster.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { expectedOf } from '../../support/flink/oracle.ts';
import { differences, shownCandles, shownGenerations } from '../../support/flink/read-back.ts';
import { FlinkRoot } from '../../support/flink/root.ts';
import { FlinkStack, type SyncJob } from '../../support/flink/stack.ts';
import { generateFeed } from '../../support/flink/trades.ts';
import type { TradeWriter } from '../../support/flink/writer.ts';

const MINUTE = 60_000;
const WINDOWS = 'trade-windows.sql';

const actions = (jobs: readonly SyncJob[]): Record<string, string> =>
  Object.fromEntries(jobs.map(({ name, action }) => [name, action]));

/** Another expression with the same value. */
const sameAgain = (n: number): [string, string] => [
  'candle.trade_count,',
  `candle.trade_count + ${n} - ${n} AS trade_count,`,
];

describe('sync-flink, on a cluster', () => {
  const test = new FlinkStack(24_100);
  const root = new FlinkRoot(test.stack.root, test.stack.home);
  const feed = generateFeed({
    symbols: 5,
    start: Math.floor(Date.now() / MINUTE) * MINUTE - 60 * MINUTE,
    minutes: 50,
    rate: 6,
    seed: 3,
  });
  let writer: TradeWriter;
  let written = 0;

  before(async () => {
    await test.begin(1);
    writer = await test.writer(() => 0);
  });

  after(async () => {
    await test.remove();
  });

  const sync = (...args: string[]): Promise<readonly SyncJob[]> => test.mustSync(args, root.path);
  const running = async (): Promise<string[]> => (await runningJobs(test.flink)).map(({ name }) => name).sort();
  const idOf = async (name: string): Promise<string | undefined> =>
    (await runningJobs(test.flink)).find((job) => job.name === name)?.id;

  /** Writes the next part of the feed; windows are open when it ends. */
  async function feedOn(parts = 8): Promise<void> {
    const next = Math.min(feed.length, written + Math.ceil(feed.length / parts));
    await writer.write(feed.slice(written, next));
    written = next;
  }

  /** The jobs' output must be what all trades so far make, whatever was done to the jobs. */
  async function outputIsWhole(): Promise<void> {
    const { candles } = expectedOf(feed.slice(0, written));
    await waitFor(async () => differences(await shownCandles(test), candles).length === 0, {
      what: 'every candle',
      timeoutMs: 180_000,
      intervalMs: 2000,
    }).catch(() => undefined);
    expect(differences(await shownCandles(test), candles)).to.deep.equal([]);
  }

  it('only tells the plan with --dry-run', async () => {
    const { code, output, jobs } = await test.sync(['--dry-run'], root.path);
    expect(code, output).to.equal(0);
    expect(actions(jobs)).to.deep.equal({ 'live-macd': 'start', 'trade-windows': 'start' });
    expect(await allJobs(test.flink)).to.deep.equal([]);
  });

  it('names file and line of SQL that Flink does not understand, and starts nothing of it', async () => {
    for (const [right, wrong] of [
      ['average.minute_weighted', 'average.minute_weighed'],
      ['UNION ALL', 'UNIFY ALL'],
    ] as const) {
      root.change(WINDOWS, right, wrong);
      const line = root.lineOf(WINDOWS, wrong);
      const { code, output, errors } = await test.sync([], root.path);
      root.restore();
      expect(code, output).to.equal(1);
      expect(errors).to.include(`flink/${WINDOWS}:${line}: `);
    }
    expect(await running()).to.deep.equal(['live-macd']);
  });

  it('starts what is missing, when two do it at once just once', async () => {
    const [one, two] = await Promise.all([sync(), sync()]);
    expect([actions(one)['trade-windows'], actions(two)['trade-windows']].sort()).to.deep.equal(['leave', 'start']);
    expect(await running()).to.deep.equal(['live-macd', 'trade-windows']);
  });

  it('leaves what is as it should be, and remembers it on no disk of its own', async () => {
    const before = (await runningJobs(test.flink)).map(({ id }) => id).sort();
    root.change(WINDOWS, 'EXECUTE STATEMENT SET', '-- another comment\n\n\nEXECUTE   STATEMENT SET');
    expect(actions(await sync())).to.deep.equal({ 'live-macd': 'leave', 'trade-windows': 'leave' });
    expect((await runningJobs(test.flink)).map(({ id }) => id).sort()).to.deep.equal(before);
    expect(readdirSync(join(test.stack.home, 'state'))).to.deep.equal([]);
    root.restore();
  });

  it('goes on with a changed expression from where the job was, with its open windows', async () => {
    await feedOn();
    root.change(WINDOWS, ...sameAgain(1));
    expect(actions(await sync())).to.deep.equal({ 'live-macd': 'leave', 'trade-windows': 'upgrade' });
    await feedOn();
    await outputIsWhole();
    expect(new Set((await test.read('candles-1m')).map(({ generation }) => generation))).to.deep.equal(new Set([1]));
  });

  it('does not stop a job for a change that the gateway cannot check, and says that it is away', async () => {
    const job = await idOf('trade-windows');
    await test.stopEngine('flink-sql-gateway');
    root.change(WINDOWS, 'trade_count + 1 - 1', 'trade_count + 2 - 2');
    const { code, errors } = await test.sync([], root.path);
    expect(code).to.equal(1);
    expect(errors).to.include(test.stack.url('flink-sql-gateway')).and.to.include('Is it running');
    expect(await idOf('trade-windows')).to.equal(job);
    await test.startEngine('flink-sql-gateway');
  });

  it('resumes a job that was lost with its job manager, also when its SQL has changed meanwhile', async () => {
    await feedOn();
    await test.kill('flink-jobmanager');
    expect(actions(await sync())).to.deep.equal({ 'live-macd': 'resume', 'trade-windows': 'resume' });
    await outputIsWhole();
  });

  it('is gone on with by the next when it is stopped in the middle of an upgrade', async () => {
    root.change(WINDOWS, 'trade_count + 2 - 2', 'trade_count + 3 - 3');
    const stopped = await test.sync([], root.path, (output, kill) => {
      if (output.includes('was stopped with a savepoint')) kill();
    });
    expect(stopped.code).to.equal(1);
    expect(stopped.errors).to.include('Stopped by SIGTERM');
    await feedOn();
    await sync();
    expect(await running()).to.deep.equal(['live-macd', 'trade-windows']);
    await outputIsWhole();
  });

  it('refuses a change of the operators, and leaves the job as it is', async () => {
    const job = await idOf('trade-windows');
    root.change(WINDOWS, 'WHERE candle IS NOT NULL', 'WHERE candle IS NOT NULL AND candle.trade_count > 0');
    root.change(
      WINDOWS,
      'FROM trades\n',
      "FROM trades\nUNION ALL\nSELECT * FROM (SELECT symbol, price, volume, event_time, received_at, connection_id, sequence FROM trades WHERE symbol = 'none')\n",
    );
    const { code, errors } = await test.sync([], root.path);
    expect(code).to.equal(1);
    expect(errors).to.include(`flink/${WINDOWS}: its operators are others`).and.to.include('--replace');
    expect(await idOf('trade-windows')).to.equal(job);
  });

  it('with --replace runs the new one beside the old until it has caught up, and its rows win', async () => {
    await feedOn();
    const jobs = await sync('--replace');
    expect(jobs.find(({ name }) => name === 'trade-windows')).to.include({ action: 'replace', generation: 2 });
    expect(await running()).to.deep.equal(['live-macd', 'trade-windows#2']);
    await feedOn();
    await outputIsWhole();
    expect(await shownGenerations(test)).to.deep.equal(new Set([2]));
  });

  it('tells the root of a failure when a job fails, and is mended by the next that is right', async () => {
    const nothing = 'cast(NULL AS BIGINT) AS sequence';
    const failing = "cast(concat('x', cast(tick AS STRING)) AS BIGINT) AS sequence";
    root.change(WINDOWS, nothing, failing);
    const { code, errors } = await test.sync([], root.path);
    expect(code).to.equal(1);
    expect(errors).to.match(/Its last failure: .*NumberFormatException/);
    root.change(WINDOWS, failing, nothing);
    await feedOn();
    expect(actions(await sync())).to.include({ 'trade-windows': 'upgrade' });
    await outputIsWhole();
  });
});
