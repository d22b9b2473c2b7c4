import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { differsFromTalib, runGold } from '../gold.ts';
import { allCandlesOf, averagesShown } from '../oracle.ts';
import { queryAll, readAverages, readCandles, readGoldCandles, readTrades, type KafkaTrade } from '../read-back.ts';
import { comesToRest, readSentLog, SYMBOL } from '../replay.ts';
import { laterGaps } from '../test-stack.ts';
import type { FaultStack } from './fault-stack.ts';
import { notWritten, type SentTrade } from './unwritten.ts';

const PATIENCE_MS = 540_000;

/** What holds when all faults are over: nothing was lost in silence, doubled or altered, and nothing lies about. */
export function closingPromises(given: () => FaultStack): void {
  describe('when all is over', () => {
    let stack: FaultStack;
    let trades: readonly KafkaTrade[];

    before(async () => {
      stack = given();
      await stack.playToEnd();
      // The replay has sent what the sockets' buffers hold, which the source has still to read.
      await waitFor(() => lastIsAccountedFor(stack), {
        what: "the recording's last trade in Kafka, or in a reported gap",
        timeoutMs: PATIENCE_MS,
        intervalMs: 3000,
      });
      trades =
        stack.injected.length > 0
          ? await readTrades(stack.test)
          : await comesToRest(stack.test, { timeoutMs: PATIENCE_MS });
    });

    it('every trade that was sent is in Kafka once, or was sent within a reported gap', async () => {
      expect(await unreported(stack, missingOf(stack, trades))).to.deep.equal([]);
    });

    it("the stream has the candles and averages that the oracle makes of Kafka's trades", async () => {
      // A trade ahead of its time makes those after it late, how many depends on when Flink looks: the ledger counts them.
      if (stack.injected.length > 0) {
        const late = (await stack.test.ledger()).stages.find(({ stage }) => stage === 'stream_candles')?.late;
        expect(late).to.be.greaterThan(0);
        return;
      }
      expect(await readCandles(stack.test, SYMBOL)).to.deep.equal(allCandlesOf(trades));
      const averages = await readAverages(stack.test, SYMBOL);
      expect(averages).to.deep.equal(averagesShown(trades, averages));
    });

    it("gold has the candles that the oracle makes of Kafka's trades, and TA-Lib's MACD of them", async function () {
      // A lane that ends with the stream has no gold.
      if (!stack.hasLake) {
        expect((await stack.test.engines()).some(({ name }) => name === 'trino')).to.equal(false);
        return;
      }
      const wanted = allCandlesOf(trades).map((candle) => ({ ...candle, lane: 'batch' }));
      await waitFor(
        async () => {
          await runGold(stack.test);
          const found = await readGoldCandles(stack.test, SYMBOL);
          const count = found.reduce((sum, { trade_count, lane }) => sum + (lane === 'batch' ? trade_count : 0), 0);
          return count === trades.length;
        },
        { what: 'gold to hold every trade', timeoutMs: PATIENCE_MS, intervalMs: 2000 },
      );
      expect(await readGoldCandles(stack.test, SYMBOL)).to.deep.equal(wanted);
      expect(await differsFromTalib(stack.test, allCandlesOf(trades))).to.deep.equal({
        rows: wanted.length - 33,
        different: [],
      });
    });

    it('the ledger balances', async () => {
      const ledger = await stack.test.ledger();
      expect(ledger.problems).to.deep.equal([]);
      expect(ledger.balanced).to.equal(true);
    });

    it('no lock and no temporary file, table or folder is left', async () => {
      await waitFor(
        // Tasks of Airflow's schedule may still be at work, and have some.
        () => Promise.resolve(locksAndTemporaries(stack).length === 0),
        { what: 'the locks and temporary files of running tasks to go', timeoutMs: 240_000, intervalMs: 500 },
      ).catch(() => undefined);
      expect(locksAndTemporaries(stack)).to.deep.equal([]);
      if (stack.hasLake)
        expect(await queryAll(stack.test, 'dbt_leftovers.sql', {}, z.object({ name: z.string() }))).to.deep.equal([]);
    });

    it('no process is left once it is stopped', async () => {
      await stack.test.mustRun('stop');
      expect(stack.test.processes()).to.deep.equal([]);
      expect(stack.processesOfTasks()).to.deep.equal([]);
    });
  });
}

const missingOf = (stack: FaultStack, trades: readonly KafkaTrade[]): SentTrade[] =>
  notWritten(readSentLog(stack.sentLog), trades, stack.recording, stack.injected);

/** Of trades that Kafka does not hold those that were sent at a moment of which no gap was reported. */
async function unreported({ test }: FaultStack, missing: readonly SentTrade[]): Promise<SentTrade[]> {
  const gaps = laterGaps(await test.ledger());
  return missing.filter(({ at }) => !gaps.some(({ from, to }) => at >= Date.parse(from) && at < Date.parse(to)));
}

/** Nothing comes any more: the recording's last trade is written, or was lost with its connection, as a gap says then. */
async function lastIsAccountedFor(stack: FaultStack): Promise<boolean> {
  const last = missingOf(stack, await readTrades(stack.test)).at(-1);
  if (last?.index !== stack.recording.length - 1) return true;
  return (await unreported(stack, [last])).length === 0;
}

function locksAndTemporaries({ test: { stack } }: FaultStack): string[] {
  const locks = readdirSync(stack.dir('state')).filter((name) => /\.(lock|partial|next)$/.test(name));
  const temporaries = readdirSync(stack.dir('tmp')).filter((name) => name.startsWith('ratehouse'));
  const folders = readdirSync(stack.dir('run', 'tasks'));
  return [
    ...locks.map((name) => join('state', name)),
    ...temporaries.map((name) => join('tmp', name)),
    ...folders.map((name) => join('run', 'tasks', name)),
    ...readdirSync(stack.dir('run')).filter((name) => name.startsWith('task-')),
  ];
}
