import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { allCandlesOf, averagesOf, type RecordedTrade } from './oracle.ts';
import { readAverages, readCandles, readTrades, type KafkaTrade } from './read-back.ts';
import type { TestStack } from './test-stack.ts';

export const SYMBOL = 'BITSTAMP:BTCUSD';
const health = z.object({ sent: z.number(), done: z.boolean() });
const sentFrame = z.object({ at: z.number(), connection: z.number(), first: z.number(), count: z.number() });

/** Waits until the replay's health is as asked. */
export async function replayIs(
  test: TestStack,
  what: string,
  ask: (found: z.infer<typeof health>) => boolean,
  timeoutMs = 240_000,
): Promise<void> {
  const url = `${test.stack.url('replay-feed')}/health`;
  await waitFor(async () => ask(health.parse(await (await fetch(url)).json())), { what, timeoutMs });
}

/**
 * Waits until the stream has come to rest: it shows every minute's candle, and each average whose window is closed.
 * @param last the recording's last trade, where the source may be behind a replay that has ended
 */
export async function comesToRest(
  test: TestStack,
  { last, timeoutMs = 120_000 }: { last?: RecordedTrade | undefined; timeoutMs?: number } = {},
): Promise<KafkaTrade[]> {
  let trades: KafkaTrade[] = [];
  await waitFor(
    async () => {
      trades = await readTrades(test);
      if (last !== undefined && trades.at(-1)?.time !== last.time) return false;
      const candles = await readCandles(test, SYMBOL);
      const averages = await readAverages(test, SYMBOL);
      return candles.length >= allCandlesOf(trades).length && averages.length >= averagesOf(trades).length;
    },
    { what: 'the last candles and averages', timeoutMs, intervalMs: 3000 },
  );
  return trades;
}

/** One frame that the replay sent: how many trades of the recording, from which one on, when, on which connection. */
export type SentFrame = z.infer<typeof sentFrame>;

export function readSentLog(file: string): SentFrame[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => sentFrame.parse(JSON.parse(line)));
}

/**
 * The sent trades that Kafka does not hold, with the moment at which they were sent. Throws when Kafka holds one that was not
 * sent there, or twice: a connection's trades must be the first ones that were sent on it, in order.
 */
export function notInKafka(
  frames: readonly SentFrame[],
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
  if (ids.length !== connections.length)
    throw new Error(`${connections.length} connections got trades, Kafka holds ${ids.length}`);
  return connections.flatMap((connection, i) => {
    const there = held.get(ids[i] ?? 0) ?? [];
    const here = sent.get(connection) ?? [];
    there.forEach((trade, k) => {
      const sentThere = recording[here[k]?.index ?? -1];
      const found = `${trade.sequence} ${trade.time} ${trade.price} ${trade.volume}`;
      const wanted = `${k + 1} ${sentThere?.time} ${sentThere?.price} ${sentThere?.volume}`;
      if (found !== wanted) throw new Error(`connection ${trade.connection_id} holds ${found}, but was sent ${wanted}`);
    });
    return here.slice(there.length);
  });
}
