import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ClickHouse } from '../../tasks/src/lib/clickhouse.ts';
import { readConfig } from '../../tasks/src/lib/config.ts';
import { Codec } from '../../tasks/src/lib/contracts.ts';
import { TopicReader } from '../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../tasks/src/lib/registry-client.ts';
import { scaled, type OracleAverage, type OracleCandle, type RecordedTrade } from './oracle.ts';
import type { TestStack } from './test-stack.ts';

export interface KafkaTrade extends RecordedTrade {
  readonly symbol: string;
  readonly connection_id: number;
  readonly sequence: number;
}

/** Runs a statement as a person would by hand. */
export async function runStatements(test: TestStack, sql: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ratehouse-sql-'));
  const file = join(folder, 'by-hand.sql');
  writeFileSync(file, sql);
  const clickHouse = connectTo(test);
  try {
    await clickHouse.runFile(file);
  } finally {
    await clickHouse.close();
    rmSync(folder, { recursive: true });
  }
}

function connectTo(test: TestStack): ClickHouse {
  const names = ['RATEHOUSE_CLICKHOUSE_URL', 'RATEHOUSE_CLICKHOUSE_USER', 'RATEHOUSE_CLICKHOUSE_PASSWORD'] as const;
  return new ClickHouse(readConfig(test.taskEnv, names));
}

/** All committed trades of the topic, in its order. */
export async function readTrades(test: TestStack): Promise<KafkaTrade[]> {
  const config = readConfig(test.taskEnv, ['RATEHOUSE_KAFKA_BROKERS', 'RATEHOUSE_REGISTRY_URL']);
  const codec = new Codec(test.stack.root, new RegistryClient({ url: config.RATEHOUSE_REGISTRY_URL }));
  const values = codec.reader('trades');
  const reader = await TopicReader.connect(config.RATEHOUSE_KAFKA_BROKERS, jsonLog());
  const trades: KafkaTrade[] = [];
  try {
    for await (const records of reader.read('trades', await reader.range('trades'))) {
      for (const { symbol, event_time, price, volume, connection_id, sequence } of await values.readAll(records)) {
        trades.push({
          symbol,
          time: event_time,
          price: scaled(price, 8),
          volume: scaled(volume, 8),
          connection_id,
          sequence,
        });
      }
    }
  } finally {
    await reader.close();
  }
  return trades;
}

const candle = z.object({
  window_start: z.number(),
  open: z.string(),
  high: z.string(),
  low: z.string(),
  close: z.string(),
  volume: z.string(),
  turnover: z.string(),
  trade_count: z.number(),
});

const average = z.object({
  window_minutes: z.number(),
  window_start: z.number(),
  simple: z.number(),
  volume_weighted: z.number().nullable(),
  minute_weighted: z.number(),
  trade_count: z.number(),
});

/** A symbol's candles as people read them, oldest first. */
export function readCandles(test: TestStack, symbol: string): Promise<OracleCandle[]> {
  return query(test, 'candles.sql', symbol, candle);
}

/** A symbol's moving averages as people read them, by window, then start. */
export function readAverages(test: TestStack, symbol: string): Promise<OracleAverage[]> {
  return query(test, 'moving_averages.sql', symbol, average);
}

const goldCandle = candle.extend({ lane: z.enum(['batch', 'stream']) });

const macd = z.object({
  window_start: z.number(),
  bar: z.number(),
  macd: z.number(),
  signal: z.number(),
  histogram: z.number(),
});
export type GoldMacd = z.output<typeof macd>;

/** A symbol's candles of gold, oldest first, and which lane each came from. */
export function readGoldCandles(test: TestStack, symbol: string): Promise<z.output<typeof goldCandle>[]> {
  return query(test, 'gold_candles.sql', symbol, goldCandle);
}

/** A symbol's MACD of the stream, oldest first. */
export function readLiveMacd(test: TestStack, symbol: string): Promise<GoldMacd[]> {
  return query(test, 'live_macd.sql', symbol, macd);
}

/** A symbol's MACD of gold, oldest first. */
export function readMacd(test: TestStack, symbol: string): Promise<GoldMacd[]> {
  return query(test, 'gold_macd.sql', symbol, macd);
}

function query<T>(test: TestStack, file: string, symbol: string, row: z.ZodType<T>): Promise<T[]> {
  return queryAll(test, file, { symbol }, row);
}

/** The rows of a query in test/support/sql. */
export async function queryAll<T>(
  test: TestStack,
  file: string,
  parameters: Readonly<Record<string, string>>,
  row: z.ZodType<T>,
): Promise<T[]> {
  const clickHouse = connectTo(test);
  const rows: T[] = [];
  try {
    for await (const found of clickHouse.queryFile(
      join(test.stack.root, 'test', 'support', 'sql', file),
      row,
      parameters,
    ))
      rows.push(found);
  } finally {
    await clickHouse.close();
  }
  return rows;
}
