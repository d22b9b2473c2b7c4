import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { readConfig } from '../../tasks/src/lib/config.ts';
import { ConnectClient } from '../../tasks/src/lib/stream/connect.ts';
import { Trino } from '../../tasks/src/lib/trino.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { differsFromTalib } from '../support/gold.ts';
import { allCandlesOf, decimal, readRecording, scaled, type RecordedTrade } from '../support/oracle.ts';
import { readGoldCandles } from '../support/read-back.ts';
import { SYMBOL } from '../support/replay.ts';
import { recordingOf, TestStack } from '../support/test-stack.ts';

/** Catalogs beside the one that every other test has, and who holds what they know. */
const CATALOGS = [
  ['glue', 'moto'],
  ['s3tables', 'seaweedfs'],
] as const;

/** In the middle of the recording: one of its candles changes. */
const LATE = { time: Date.parse('2013-11-27T10:30:20Z'), price: '1000.12345678', volume: '0.00000001' };

const trade = z.object({
  symbol: z.string(),
  connection_id: z.int(),
  sequence: z.int(),
  time: z.int(),
  price: z.string(),
  volume: z.string(),
});
const candle = z.object({
  window_start: z.int(),
  open: z.string(),
  high: z.string(),
  low: z.string(),
  close: z.string(),
  volume: z.string(),
  turnover: z.string(),
  trade_count: z.int(),
});

for (const [catalog, keeper] of CATALOGS) {
  describe(`the recorded week in a lake of the catalog ${catalog}`, () => {
    const test = new TestStack(21_000);
    let recording: RecordedTrade[];

    before(async () => {
      recording = await readRecording(recordingOf(test.stack));
      const options = [
        '--catalog',
        catalog,
        '--without',
        'airflow,flink,keeper',
        '--align',
        'recorded',
        '--speed',
        'max',
      ];
      await test.mustRun('start', '--engines-only', ...options);
      await mustTask('start-stream', '--feed=replay');
      await bronzeHas(recording.length);
    });
    after(() => test.remove());

    async function mustTask(...args: string[]): Promise<unknown> {
      const { code, result, errors } = await test.task(...args);
      expect(code, errors.join('\n')).to.equal(0);
      return result;
    }

    async function read<T>(file: string, row: z.ZodType<T>, parameters = {}): Promise<T[]> {
      const trino = new Trino(readConfig(test.taskEnv, ['RATEHOUSE_TRINO_URL']));
      const rows: T[] = [];
      const path = join(test.stack.root, 'test', 'support', 'sql', file);
      for await (const found of trino.queryFile(path, row, parameters)) rows.push(found);
      return rows;
    }

    async function bronzeHas(trades: number): Promise<void> {
      await waitFor(async () => (await read('bronze_trades.sql', trade)).length >= trades, {
        what: `${trades} trades in bronze`,
        timeoutMs: 180_000,
        intervalMs: 2000,
      });
    }

    /** A run of gold as the DAG makes it; its last task compares what Trino reads of the lake with ClickHouse. */
    async function gold(run: string): Promise<unknown> {
      await mustTask('plan-run', `--run-id=${run}`);
      await mustTask('run-spark-sql', `--run-id=${run}`, '--job=candles_1m');
      await mustTask('run-dbt', `--run-id=${run}`);
      return mustTask('validate-gold', `--run-id=${run}`);
    }

    it('was written by a sink on that catalog', async () => {
      const config = await new ConnectClient(test.stack.url('connect'), new AbortController().signal).config(
        'lake-bronze',
      );
      expect(config).to.include(
        catalog === 'glue'
          ? { 'iceberg.catalog.type': 'glue', 'iceberg.catalog.glue.endpoint': test.stack.url('moto') }
          : { 'iceberg.catalog.type': 'rest', 'iceberg.catalog.rest.signing-name': 's3tables' },
      );
    });

    it('holds in bronze every trade that was sent, once, in order, to the last digit, as Trino reads it', async () => {
      const trades = await read('bronze_trades.sql', trade);
      const text = (t: RecordedTrade): string => `${t.time} ${decimal(t.price, 8)} ${decimal(t.volume, 8)}`;
      expect(trades.map((t) => `${t.time} ${t.price} ${t.volume}`)).to.deep.equal(recording.map(text));
      expect(trades.every((t, i) => t.sequence === i + 1 && t.symbol === SYMBOL)).to.equal(true);
    });

    it('gets its candles by a run of gold: Spark merges, ClickHouse reads, every check passes', async () => {
      expect(await gold('first')).to.include({ passed: true });
      const wanted = allCandlesOf(recording);
      expect(await read('silver_candles.sql', candle, { symbol: SYMBOL })).to.deep.equal(wanted);
      expect(await readGoldCandles(test, SYMBOL)).to.deep.equal(wanted.map((each) => ({ ...each, lane: 'batch' })));
      expect(await differsFromTalib(test, wanted)).to.deep.equal({ rows: wanted.length - 33, different: [] });
    });

    it(`goes on when ${keeper}, which holds the catalog, is killed: a late trade changes its candle, and no other`, async () => {
      await test.kill(keeper);
      const response = await fetch(`${test.stack.url('replay-feed')}/faults`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${test.stack.credentials.replayToken}` },
        body: JSON.stringify({ fault: 'late', ...LATE }),
      });
      expect(response.status).to.equal(202);
      await bronzeHas(recording.length + 1);
      expect(await gold('second')).to.include({ passed: true });
      const late = { time: LATE.time, price: scaled(LATE.price, 8), volume: scaled(LATE.volume, 8) };
      expect(await read('silver_candles.sql', candle, { symbol: SYMBOL })).to.deep.equal(
        allCandlesOf([...recording, late]),
      );
    });

    it('leaves its tables and its connectors as they are when start-stream runs again', async () => {
      const result = await mustTask('start-stream', '--feed=replay');
      expect(result).to.have.property('connectors').that.includes({ 'lake-bronze': 'unchanged' });
      expect(await read('bronze_trades.sql', trade)).to.have.length(recording.length + 1);
    });

    it('shows no secret in a log, an argument, a topic or a configuration', async () => {
      expect(await test.leaks()).to.deep.equal([]);
    });

    it('cannot be left behind by a start with another catalog', async () => {
      const { code, output } = await test.run('start', '--engines-only', '--catalog', 'rest');
      expect(code).not.to.equal(0);
      expect(output).to.include(`This stack has its lake in the catalog ${catalog}`);
    });
  });
}
