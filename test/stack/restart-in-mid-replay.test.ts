import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { averagesOf, candlesOf, readRecording, type RecordedTrade } from '../support/oracle.ts';
import { readAverages, readCandles, readTrades, type KafkaTrade } from '../support/read-back.ts';
import { recordingOf, TestStack } from '../support/test-stack.ts';

const SYMBOL = 'BITSTAMP:BTCUSD';
/** The week in about a minute. */
const SPEED = '10000';

const health = z.object({ sent: z.number(), done: z.boolean() });
const sentFrame = z.object({ at: z.number(), connection: z.number(), first: z.number(), count: z.number() });

async function replayIs(test: TestStack, what: string, ask: (found: z.infer<typeof health>) => boolean): Promise<void> {
  const url = `${test.stack.url('replay-feed')}/health`;
  await waitFor(async () => ask(health.parse(await (await fetch(url)).json())), { what, timeoutMs: 240_000 });
}

/** Waits until the stream has come to rest: as many candles as the oracle makes of Kafka's trades. */
async function comesToRest(test: TestStack): Promise<KafkaTrade[]> {
  let trades: KafkaTrade[] = [];
  await waitFor(
    async () => {
      trades = await readTrades(test);
      const candles = await readCandles(test, SYMBOL);
      const averages = await readAverages(test, SYMBOL);
      return candles.length >= candlesOf(trades).length && averages.length >= averagesOf(trades).length;
    },
    { what: 'the last candles and averages', timeoutMs: 120_000, intervalMs: 3000 },
  );
  return trades;
}

describe('a kill in the middle of a replay', () => {
  for (const victim of ['connect', 'flink-taskmanager'] as const) {
    describe(victim, () => {
      const test = new TestStack(21_000);
      const sentLog = join(test.stack.home, 'sent.log');
      let recording: RecordedTrade[];
      let trades: KafkaTrade[];

      before(async () => {
        recording = await readRecording(recordingOf(test.stack));
        await test.mustRun('start', '--align', 'recorded', '--speed', SPEED, '--sent-log', sentLog, '--engines-only');
        for (const task of [['start-stream', '--feed=replay'], ['sync-flink']]) {
          const { code, errors } = await test.task(...task);
          expect(code, errors.join('\n')).to.equal(0);
        }
        await replayIs(test, 'a fifth of the week to be sent', ({ sent }) => sent > 20_000);
        await test.kill(victim);
        await replayIs(test, 'the end of the week', ({ done }) => done);
        trades = await comesToRest(test);
      });

      after(() => test.remove());

      it('leaves every sent trade in Kafka once, or sent within a reported gap', async () => {
        const frames = readFileSync(sentLog, 'utf8')
          .trim()
          .split('\n')
          .map((line) => sentFrame.parse(JSON.parse(line)));
        const { gaps } = await test.ledger();
        const inGap = (at: number): boolean =>
          gaps.some((gap) => at >= Date.parse(gap.from) && at < Date.parse(gap.to));
        const lost = notInKafka(frames, trades, recording);
        expect(lost.filter(({ at }) => !inGap(at))).to.deep.equal([]);
        if (victim === 'connect') expect(gaps).to.have.length(1);
        else expect([gaps, lost]).to.deep.equal([[], []]);
      });

      it("makes the candles and averages that the oracle makes of Kafka's trades", async () => {
        expect(await readCandles(test, SYMBOL)).to.deep.equal(candlesOf(trades));
        expect(await readAverages(test, SYMBOL)).to.deep.equal(averagesOf(trades));
      });

      it('balances the ledger', async () => {
        const ledger = await test.ledger();
        expect(ledger.problems).to.deep.equal([]);
        expect(ledger.balanced).to.equal(true);
      });
    });
  }
});

/**
 * The sent trades that Kafka does not hold, with the moment at which they were sent. Throws when Kafka holds one that was not
 * sent there, or twice: a connection's trades must be the first ones that were sent on it, in order.
 */
function notInKafka(
  frames: readonly z.infer<typeof sentFrame>[],
  trades: readonly KafkaTrade[],
  recording: readonly RecordedTrade[],
): { at: number; index: number }[] {
  const sent = new Map<number, { at: number; index: number }[]>();
  for (const { at, connection, first, count } of frames) {
    const list = sent.get(connection) ?? [];
    for (let i = 0; i < count; i += 1) list.push({ at, index: first + i });
    sent.set(connection, list);
  }
  const held = new Map<number, KafkaTrade[]>();
  for (const trade of trades) {
    const list = held.get(trade.connection_id);
    if (list === undefined) held.set(trade.connection_id, [trade]);
    else list.push(trade);
  }
  // Both grow from connection to connection; one that got no trade is in neither.
  const connections = [...sent.keys()].sort((a, b) => a - b);
  const ids = [...held.keys()].sort((a, b) => a - b);
  expect(ids.length).to.equal(connections.length);
  return connections.flatMap((connection, i) => {
    const there = held.get(ids[i] ?? 0) ?? [];
    const here = sent.get(connection) ?? [];
    there.forEach((trade, k) => {
      expect(trade.sequence).to.equal(k + 1);
      const { time, price, volume } = recording[here[k]?.index ?? -1] ?? { time: 0, price: 0n, volume: 0n };
      expect([trade.time, trade.price, trade.volume]).to.deep.equal([time, price, volume]);
    });
    return here.slice(there.length);
  });
}
