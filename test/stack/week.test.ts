import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { allCandlesOf, averagesShown, readRecording, type RecordedTrade } from '../support/oracle.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { liveDiffersFromTalib } from '../support/gold.ts';
import { alteredRowPromises, goldPromises } from '../support/gold-promises.ts';
import { readerPromises } from '../support/reader-promises.ts';
import { laterGaps, recordingOf, TestStack } from '../support/test-stack.ts';
import { readAverages, readCandles, readLiveMacd, readTrades, runStatements } from '../support/read-back.ts';

const SYMBOL = 'BITSTAMP:BTCUSD';

const syncResult = z.object({ jobs: z.array(z.object({ name: z.string(), action: z.string() })) });
const actionsOf = (result: unknown): Record<string, string> =>
  Object.fromEntries(syncResult.parse(result).jobs.map(({ name, action }) => [name, action]));

describe('the recorded week, as fast as it goes', () => {
  const test = new TestStack(21_000);
  let recording: RecordedTrade[];

  before(async () => {
    recording = await readRecording(recordingOf(test.stack));
    expect(recording).to.have.length(100_000);
    await test.mustRun('start', '--align', 'recorded', '--speed', 'max');
  });

  after(() => test.remove());

  describe('the stream', () => {
    it('brings every trade into Kafka exactly once, in order, to the last digit', async () => {
      const trades = await readTrades(test);
      expect(trades.map(({ time, price, volume }) => `${time} ${price} ${volume}`)).to.deep.equal(
        recording.map(({ time, price, volume }) => `${time} ${price} ${volume}`),
      );
      expect(new Set(trades.map((t) => t.connection_id)).size).to.equal(1);
      expect(trades.every((t, i) => t.sequence === i + 1 && t.symbol === SYMBOL)).to.equal(true);
    });

    it("makes every candle that an oracle computes straight from the CSV, the last minute's too, and no other", async () => {
      const wanted = allCandlesOf(recording);
      await waitFor(async () => (await readCandles(test, SYMBOL)).length >= wanted.length, {
        what: 'the candle of the last minute, which no later trade closes',
        timeoutMs: 120_000,
      });
      expect(await readCandles(test, SYMBOL)).to.deep.equal(wanted);
    });

    it('makes every moving average that the oracle computes, and no other', async () => {
      const found = await readAverages(test, SYMBOL);
      expect(found).to.deep.equal(averagesShown(recording, found));
    });

    it("makes TA-Lib's MACD of the candles, to 1e-9", async () => {
      await waitFor(async () => (await readLiveMacd(test, SYMBOL)).length >= allCandlesOf(recording).length - 33, {
        what: "the MACD of the last minute's candle",
        timeoutMs: 60_000,
      });
      const { rows, different } = await liveDiffersFromTalib(test, allCandlesOf(recording));
      expect(different).to.deep.equal([]);
      expect(rows).to.be.above(5000);
    });

    it('balances the ledger, with nothing lost and no gap but its first, partial minute', async () => {
      const ledger = await test.ledger();
      expect(ledger.problems).to.deep.equal([]);
      expect(ledger.balanced).to.equal(true);
      expect(ledger.gaps).to.have.length(1);
      expect(laterGaps(ledger)).to.deep.equal([]);
      expect(ledger.stages.map(({ stage, trades }) => [stage, trades])).to.deep.equal([
        ['received', 100_000],
        ['kafka', 100_000],
        ['bronze', 100_000],
        ['stream_candles', 100_000],
        ['batch_candles', 100_000],
        ['gold', 100_000],
      ]);
    });
  });

  describe('gold', () => {
    goldPromises(() => ({ test, recording }));
  });

  describe('the stack', () => {
    it('changes nothing at a second start, and says so', async () => {
      const before = test.processes();
      const { code, output } = await test.run('start', '--align', 'recorded', '--speed', 'max');
      expect(code, output).to.equal(0);
      expect(output).to.include('The stack is running already; nothing was started.');
      expect(test.processes()).to.deep.equal(before);
      const again = await test.task('start-stream', '--feed=replay');
      expect(again.result).to.deep.include({
        connectors: { 'clickhouse-silver': 'unchanged', 'lake-bronze': 'unchanged', 'trades-replay': 'unchanged' },
      });
      const sync = await test.task('sync-flink');
      expect(actionsOf(sync.result)).to.deep.equal({ 'live-macd': 'leave', 'trade-windows': 'leave' });
    });

    it('tells the state, address, process and memory of each engine', async () => {
      const { code, stdout } = await test.run('status', '--json');
      const status = z
        .object({
          ready: z.boolean(),
          engines: z.array(z.object({ name: z.string(), state: z.string(), pid: z.number(), memory_mib: z.number() })),
        })
        .parse(JSON.parse(stdout));
      expect(code).to.equal(0);
      expect(status.ready).to.equal(true);
      expect(
        status.engines.every((engine) => engine.state === 'ready' && engine.pid > 0 && engine.memory_mib > 0),
      ).to.equal(true);
    });

    it('listens on loopback alone, and keeps its secrets to this user', () => {
      expect(test.foreignListeners()).to.deep.equal([]);
      expect(test.readableByOthers()).to.deep.equal([]);
    });

    it('shows no secret in process arguments, logs, connector configurations or offsets', async () => {
      expect(await test.leaks()).to.deep.equal([]);
    });

    it('has all its data after a stop and a start, and goes on with the stream', async () => {
      const candles = await readCandles(test, SYMBOL);
      await test.mustRun('stop');
      expect(test.processes()).to.deep.equal([]);
      await test.mustRun('start');
      expect(await readCandles(test, SYMBOL)).to.deep.equal(candles);
      const ledger = await test.ledger();
      expect(ledger.balanced).to.equal(true);
      expect(ledger.stages[1]?.trades).to.equal(100_001);
      // It slept through a while of which it cannot know what the feed sent: that is a gap, and is said.
      expect(laterGaps(ledger)).to.have.length(1);
    });

    it('prints the ledger as one line of JSON, and as a table', async () => {
      const { code, stdout } = await test.run('task', 'ledger', '--json');
      expect(code).to.equal(0);
      expect(JSON.parse(stdout)).to.include({ balanced: true });
      expect((await test.run('task', 'ledger')).output).to.include('The ledger balances.');
    });
  });

  describe('a row altered by hand is named by validate-gold', () => {
    alteredRowPromises(() => test);
  });

  describe('the ledger', () => {
    it('names the minute, and exits 1, when a candle is altered by hand', async () => {
      await runStatements(
        test,
        "INSERT INTO silver.candles_1m_rows SELECT * REPLACE (trade_count + 1 AS trade_count, 999 AS generation) FROM silver.candles_1m_rows FINAL WHERE window_start = '2013-11-28 12:00:00'",
      );
      const { code, output } = await test.run('task', 'ledger');
      expect(code).to.equal(1);
      expect(output).to.include('2013-11-28T12:00');
    });
  });

  describe("the ledger's reader of Kafka", () => {
    readerPromises(() => test.taskEnv);
  });

  describe('a reset', () => {
    it('leaves nothing but what was downloaded', async () => {
      await test.mustRun('reset');
      expect(test.processes()).to.deep.equal([]);
      expect(readdirSync(test.stack.home)).to.deep.equal([]);
    });
  });
});
