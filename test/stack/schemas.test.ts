import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { readConfig } from '../../tasks/src/lib/config.ts';
import { RegistryClient } from '../../tasks/src/lib/registry-client.ts';
import { ConnectClient } from '../../tasks/src/lib/stream/connect.ts';
import { Trino } from '../../tasks/src/lib/trino.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { runTrino } from '../support/gold.ts';
import { allCandlesOf } from '../support/oracle.ts';
import { queryAll, readCandles, readTrades } from '../support/read-back.ts';
import { readers } from '../support/readers.ts';
import { NextRelease } from '../support/release.ts';
import { SYMBOL } from '../support/replay.ts';
import { laterGaps, TestStack } from '../support/test-stack.ts';

const texts = z.object({ connection_id: z.int(), trades: z.int(), texts: z.int(), same: z.int() });
const averages = z.object({ candles: z.int(), averages: z.int(), same: z.int() });

const TEXT = {
  name: 'price_text',
  type: ['null', 'string'],
  default: null,
  doc: "The price in the venue's own digits.",
};
const AVERAGE = { name: 'average_price', type: ['null', 'double'], default: null };

const synced = z.object({ jobs: z.array(z.object({ name: z.string(), action: z.string() })) });

describe('a contract that changes while the stream runs', () => {
  const test = new TestStack(21_000);
  const next = new NextRelease(test.stack.root);
  let trino: Trino;
  let atFirst: Record<string, unknown>;

  before(async () => {
    await test.mustRun(
      'start',
      '--engines-only',
      '--without',
      'airflow,keeper',
      '--align',
      'recorded',
      '--speed',
      '600',
    );
    trino = new Trino(readConfig(test.taskEnv, ['RATEHOUSE_TRINO_URL']));
    await mustTask('start-stream', '--feed=replay');
    await mustTask('sync-flink');
    await bronzeHas(2000);
    await hasCandles(5);
  });
  after(async () => {
    next.remove();
    await test.remove();
  });

  it('is refused with what differs when it would break a reader, and nothing is changed', async () => {
    const broken = new NextRelease(test.stack.root);
    try {
      broken.fields('trades', (fields) => [
        ...fields
          .filter(({ name }) => name !== 'frame')
          .map((field) => (field['name'] === 'sequence' ? { ...field, type: 'string' } : field)),
        { name: 'needed', type: 'long' },
      ]);
      const held = await everything();
      const { code, errors } = await test.taskWith(broken.root, 'start-stream', '--feed=replay');
      expect(code).to.equal(1);
      const said = errors.join('\n');
      expect(said).to.include('trades-value version 1, frame: long, no default -> absent');
      expect(said).to.include('trades-value version 1, sequence: long, no default -> string, no default');
      expect(said).to.include('trades-value version 1, needed: absent -> long, no default');
      await isAsBefore(held);
    } finally {
      broken.remove();
    }
  });

  it('is refused as well where the lake alone has another column, before it is registered', async () => {
    await runTrino(test, 'ALTER TABLE lake.bronze.trades_dlq ADD COLUMN price_text bigint');
    const other = new NextRelease(test.stack.root);
    try {
      other.fields('trades-dlq', (fields) => [...fields, TEXT]);
      const held = await everything();
      const { code, errors } = await test.taskWith(other.root, 'start-stream', '--feed=replay');
      expect(code).to.equal(1);
      expect(errors.join('\n')).to.include('bronze.trades_dlq, price_text: bigint -> varchar');
      await isAsBefore(held);
    } finally {
      other.remove();
      await runTrino(test, 'ALTER TABLE lake.bronze.trades_dlq DROP COLUMN price_text');
    }
  });

  it('is taken with a new optional field of the trades', async () => {
    // A row that somebody took out and put back: a snapshot of before the column that a check still has to read.
    const at = 'kafka_offset = 0';
    await runTrino(test, `UPDATE lake.bronze.trades SET price = price + 1 WHERE ${at}`);
    await runTrino(test, `UPDATE lake.bronze.trades SET price = price - 1 WHERE ${at}`);
    atFirst = await readers(test);
    next.fields('trades', (fields) => [...fields, TEXT]);
    next.replace(
      'connectors/config/trades-replay.json',
      '"feed.venue"',
      '"trades.fields": "price_text=p",\n  "feed.venue"',
    );
    // So Spark reads it too.
    next.replace(
      'spark-sql/candles_1m.sql',
      '            price,\n            volume,\n            connection_id,',
      '            coalesce(cast(price_text AS DECIMAL(18, 8)), price) AS price,\n            volume,\n            connection_id,',
    );
    await next.generate();
    expect(await mustTaskWith('start-stream', '--feed=replay'))
      .to.have.property('connectors')
      .that.deep.equals({ 'clickhouse-silver': 'unchanged', 'lake-bronze': 'unchanged', 'trades-replay': 'changed' });
    const registry = new RegistryClient({ url: test.stack.url('registry') });
    expect(await registry.versions('trades-value')).to.deep.equal([1, 2]);
  });

  it('has the field in every trade from then on, in the lake too, and in none of before', async () => {
    const [old, ...later] = await connections(2, 500);
    expect(old).to.include({ texts: 0 });
    for (const { trades, ...found } of later)
      expect(found).to.deep.equal({ connection_id: found.connection_id, texts: trades, same: trades });
  });

  it('is read by ClickHouse in the lake', async () => {
    const found = await queryAll(test, 'clickhouse_price_text.sql', {}, texts);
    expect(found).to.have.length(2);
    expect(found[0]).to.include({ texts: 0 });
    expect(found[1]?.trades).to.be.at.least(500);
    expect(found[1]).to.include({ texts: found[1]?.trades, same: found[1]?.trades });
  });

  it('is read by Spark, and a run of gold over old and new trades is right', async () => {
    await gold('mixed');
  });

  it('is passed over by Flink, whose candles go on and stay right', async () => {
    const newest = (await readCandles(test, SYMBOL)).at(-1)?.window_start ?? 0;
    await candlesAfter(newest + 10 * 60_000);
    await candlesAreRight();
  });

  it('had no reader restarted', async () => {
    expect(await readers(test)).to.deep.equal(atFirst);
  });

  it('is taken with a new optional field of the candles, which a savepoint takes Flink to', async () => {
    next.fields('candles-1m', (fields) => [...fields, AVERAGE]);
    const sql = 'flink/trade-windows.sql';
    next.replace(
      sql,
      "    last_sequence BIGINT\n) WITH (\n    'connector' = 'kafka',\n    'topic' = 'candles-1m'",
      "    last_sequence BIGINT,\n    average_price DOUBLE\n) WITH (\n    'connector' = 'kafka',\n    'topic' = 'candles-1m'",
    );
    next.replace(
      sql,
      '        candle.last_sequence\n    FROM windows',
      '        candle.last_sequence,\n        CASE\n            WHEN candle.volume > 0 THEN cast(candle.turnover AS DOUBLE) / cast(candle.volume AS DOUBLE)\n        END AS average_price\n    FROM windows',
    );
    await next.generate();
    expect(await mustTaskWith('start-stream', '--feed=replay'))
      .to.have.property('connectors')
      .that.deep.equals({ 'clickhouse-silver': 'unchanged', 'lake-bronze': 'unchanged', 'trades-replay': 'unchanged' });
    const { jobs } = synced.parse(await mustTaskWith('sync-flink'));
    expect(jobs.map(({ name, action }) => `${action} ${name}`)).to.deep.equal([
      'leave live-macd',
      'upgrade trade-windows',
    ]);
  });

  it('has its column in ClickHouse, null in the candles of before, and the sink was not restarted', async () => {
    const found = await waitFor(
      async () => {
        const [row] = await queryAll(test, 'candles_average.sql', { symbol: SYMBOL }, averages).catch(() => []);
        return row !== undefined && row.averages >= 10 && row;
      },
      { what: 'ten candles with an average', timeoutMs: 240_000, intervalMs: 2000 },
    );
    expect(found.same).to.equal(found.averages);
    expect(found.averages).to.be.below(found.candles);
    await candlesAreRight();
    const sinks = Object.entries(await readers(test)).filter(([name]) => name.startsWith('connect'));
    expect(Object.fromEntries(sinks)).to.deep.equal(
      Object.fromEntries(Object.entries(atFirst).filter(([name]) => name.startsWith('connect'))),
    );
  });

  it('leaves the batch lane and the ledger right', async () => {
    await gold('after');
    const ledger = await test.ledger();
    expect(ledger.problems).to.deep.equal([]);
    expect(ledger.balanced).to.equal(true);
    // The source was restarted once, with the new contract: that, and nothing else, is a gap.
    expect(laterGaps(ledger)).to.have.length(1);
  });

  /** All that start-stream could have changed. */
  async function everything(): Promise<Record<string, unknown>> {
    const registry = new RegistryClient({ url: test.stack.url('registry') });
    const connect = new ConnectClient(test.stack.url('connect'), new AbortController().signal);
    const columns: unknown[] = [];
    const file = join(test.stack.root, 'trino', 'lake', 'columns.sql');
    for await (const row of trino.queryFile(file, z.record(z.string(), z.unknown()))) columns.push(row);
    return {
      columns,
      versions: [await registry.versions('trades-value'), await registry.versions('trades-dlq-value')],
      connectors: await Promise.all(
        ['trades-replay', 'lake-bronze', 'clickhouse-silver'].map((c) => connect.config(c)),
      ),
      readers: await readers(test),
    };
  }

  async function isAsBefore(held: Readonly<Record<string, unknown>>): Promise<void> {
    const now = await everything();
    for (const [what, before] of Object.entries(held)) expect(now[what], what).to.deep.equal(before);
  }

  /** Connections in bronze, when there are so many and the last has so many trades. */
  function connections(count: number, trades: number): Promise<z.output<typeof texts>[]> {
    return waitFor(
      async () => {
        const found: z.output<typeof texts>[] = [];
        const file = join(test.stack.root, 'test', 'support', 'sql', 'lake_price_text.sql');
        for await (const row of trino.queryFile(file, texts)) found.push(row);
        return found.length === count && (found.at(-1)?.trades ?? 0) >= trades && found;
      },
      { what: `${count} connections in bronze`, timeoutMs: 180_000, intervalMs: 2000 },
    );
  }

  async function bronzeHas(trades: number): Promise<void> {
    const file = join(test.stack.root, 'test', 'support', 'sql', 'lake_trades.sql');
    await waitFor(
      async () => {
        for await (const row of trino.queryFile(file, z.object({ trades: z.int() }), { last: Number.MAX_SAFE_INTEGER }))
          return row.trades >= trades;
        return false;
      },
      { what: `${trades} trades in bronze`, timeoutMs: 240_000, intervalMs: 2000 },
    );
  }

  async function hasCandles(count: number): Promise<void> {
    await waitFor(async () => (await readCandles(test, SYMBOL)).length >= count, {
      what: `${count} candles`,
      timeoutMs: 180_000,
      intervalMs: 1000,
    });
  }

  async function candlesAfter(time: number): Promise<void> {
    await waitFor(async () => ((await readCandles(test, SYMBOL)).at(-1)?.window_start ?? 0) >= time, {
      what: `candles after ${new Date(time).toISOString()}`,
      timeoutMs: 180_000,
      intervalMs: 1000,
    });
  }

  /** Each candle that is followed by another is what the oracle makes of Kafka's trades. */
  async function candlesAreRight(): Promise<void> {
    const found = await readCandles(test, SYMBOL);
    const last = found.at(-1)?.window_start ?? 0;
    const closed = (candle: { window_start: number }): boolean => candle.window_start < last;
    expect(found.filter(closed)).to.deep.equal(allCandlesOf(await readTrades(test)).filter(closed));
  }

  /** A run of gold by the next release; its last task compares the lake with ClickHouse. */
  async function gold(run: string): Promise<void> {
    await mustTaskWith('plan-run', `--run-id=${run}`);
    await mustTaskWith('run-spark-sql', `--run-id=${run}`, '--job=candles_1m');
    await mustTaskWith('run-dbt', `--run-id=${run}`);
    expect(await mustTaskWith('validate-gold', `--run-id=${run}`)).to.include({ passed: true });
  }

  async function mustTask(...args: string[]): Promise<unknown> {
    const { code, result, errors } = await test.task(...args);
    expect(code, `${args.join(' ')}: ${errors.join(' ')}`).to.equal(0);
    return result;
  }

  async function mustTaskWith(...args: string[]): Promise<unknown> {
    const { code, result, errors } = await test.taskWith(next.root, ...args);
    expect(code, `${args.join(' ')}: ${errors.join(' ')}`).to.equal(0);
    return result;
  }
});
