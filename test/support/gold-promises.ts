import { expect } from 'chai';
import { z } from 'zod';
import { Airflow } from '../../stack/lib/airflow.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { quickCorruptions } from './corruption/cases.ts';
import { runCheck } from './corruption/checks.ts';
import { differsFromTalib, runGold, runTrino, waitForGold } from './gold.ts';
import { allCandlesOf, scaled, type OracleCandle, type RecordedTrade } from './oracle.ts';
import { queryAll, readGoldCandles, readMacd, readTrades, runStatements } from './read-back.ts';
import { SYMBOL } from './replay.ts';
import type { TestStack } from './test-stack.ts';

/** What a day's minutes are recomputed for in these tests, and what lies outside of it. */
const WINDOW = { start: '2013-11-26T00:00:00Z', end: '2013-11-26T00:05:00Z' };
const LATE = { time: Date.parse('2013-11-27T10:30:20Z'), price: '1000.12345678', volume: '0.00000001' };

const changes = z.object({ candles: z.number(), bars: z.number(), macd: z.number() });

/** Which runs wrote the rows of gold: one that changes nothing writes none. */
const written = (test: TestStack): Promise<unknown> => queryAll(test, 'gold_versions.sql', {}, changes);

/** What gold holds, made by Airflow over the lake. The stack has played the whole week. */
export function goldPromises(given: () => { test: TestStack; recording: readonly RecordedTrade[] }): void {
  let test: TestStack;
  let recording: readonly RecordedTrade[];
  let airflow: Airflow;

  before(() => {
    ({ test, recording } = given());
    airflow = Airflow.of(test.stack);
  });

  const candlesAre = async (wanted: readonly OracleCandle[]): Promise<void> => {
    const found = await readGoldCandles(test, SYMBOL);
    expect(found).to.deep.equal(wanted.map((candle) => ({ ...candle, lane: 'batch' })));
  };

  it('holds every candle of the week from the lake, the last minute too, and no other', async () => {
    await candlesAre(allCandlesOf(recording));
  });

  it('holds every MACD, signal and histogram that TA-Lib makes of candles straight from the CSV', async () => {
    const candles = allCandlesOf(recording);
    expect(await differsFromTalib(test, candles)).to.deep.equal({ rows: candles.length - 33, different: [] });
  });

  it('was validated by checks that each had something to look at', async () => {
    const rows = await queryAll(test, 'gold_validations.sql', {}, z.object({ check_name: z.string() }));
    const names = [
      'bars',
      'bronze_snapshots',
      'candles',
      'freshness',
      'ledger',
      'macd',
      'moving_averages',
      'plans',
      'run',
      'unique_keys',
    ];
    expect(rows.map((row) => row.check_name)).to.deep.equal(names);
  });

  it('goes on by itself: the schedule is on', async () => {
    expect(await airflow.isPaused('gold')).to.equal(false);
  });

  it('is not changed by a run that is cleared and run again', async () => {
    const [before, candles] = [await written(test), await readGoldCandles(test, SYMBOL)];
    const first = (await airflow.runs('gold')).at(-1)?.run ?? '';
    await airflow.clear('gold', first);
    const { tasks } = await waitForGold(test, first);
    expect([...tasks.values()]).to.deep.equal(['success', 'success', 'success', 'success']);
    expect(await written(test)).to.deep.equal(before);
    expect(await readGoldCandles(test, SYMBOL)).to.deep.equal(candles);
  });

  it('skips a run for which nothing in the lake is new', async () => {
    const { tasks } = await runGold(test);
    expect([...tasks.values()]).to.deep.equal(['skipped', 'skipped', 'skipped', 'skipped']);
  });

  describe('after a trade that came late, when its minute had been validated', () => {
    let trades: readonly RecordedTrade[];

    before(async () => {
      trades = [...recording, { time: LATE.time, price: scaled(LATE.price, 8), volume: scaled(LATE.volume, 8) }];
      const response = await fetch(`${test.stack.url('replay-feed')}/faults`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${test.stack.credentials.replayToken}` },
        body: JSON.stringify({ fault: 'late', ...LATE }),
      });
      expect(response.status).to.equal(202);
      await waitFor(async () => (await readTrades(test)).length === trades.length, {
        what: 'the late trade in Kafka',
        timeoutMs: 60_000,
      });
      // The sink commits every ten seconds, and the schedule's run may be the one that finds it.
      await waitFor(
        async () => {
          await runGold(test);
          const held = await readGoldCandles(test, SYMBOL);
          return held.reduce((sum, candle) => sum + candle.trade_count, 0) === trades.length;
        },
        { what: 'a run that found the late trade', timeoutMs: 300_000 },
      );
    });

    it('holds the candle with it', () => candlesAre(allCandlesOf(trades)));

    it('holds the MACD that TA-Lib makes with it', async () => {
      const candles = allCandlesOf(trades);
      expect(await differsFromTalib(test, candles)).to.deep.equal({ rows: candles.length - 33, different: [] });
    });

    it('has a balanced ledger, in which the trade is late for its stream candle', async () => {
      const ledger = await test.ledger();
      expect(ledger.problems).to.deep.equal([]);
      const late = ledger.stages.find(({ stage }) => stage === 'stream_candles');
      expect(late).to.have.property('late', 1);
    });

    it("is left the same by a backfill over a window, through Airflow's REST API", async () => {
      const before = [await written(test), await readGoldCandles(test, SYMBOL), await readMacd(test, SYMBOL)];
      const id = await airflow.backfill('gold', WINDOW.start, WINDOW.start);
      await waitFor(() => airflow.backfillDone(id), { what: 'the backfill', timeoutMs: 400_000, intervalMs: 2000 });
      const run = (await airflow.runs('gold')).find(({ type }) => type === 'backfill');
      expect(run?.state).to.equal('success');
      const tasks = await airflow.tasks('gold', run?.run ?? '');
      expect(tasks.map(({ state }) => state)).to.deep.equal(['success', 'success', 'success', 'success']);
      expect([await written(test), await readGoldCandles(test, SYMBOL), await readMacd(test, SYMBOL)]).to.deep.equal(
        before,
      );
    });
  });
}

/** What validate_gold says after rows were altered by hand. The stack is of no use after these. */
export function alteredRowPromises(given: () => TestStack): void {
  let test: TestStack;
  const RUN = '--run-id=after-hands';

  const validate = async (): Promise<string> => {
    const { code, errors } = await test.task('validate-gold', RUN);
    expect(code, errors.join('\n')).to.equal(1);
    return errors.join('\n');
  };

  before(() => {
    test = given();
  });

  it("in gold, outside the run's plan: the run leaves them as they are, and names them", async () => {
    await runStatements(
      test,
      `INSERT INTO gold.candles_rows SELECT * REPLACE (high + 1 AS high, version + 1 AS version)
       FROM gold.candles_rows FINAL WHERE window_start = '2013-11-29 12:00:00';
       INSERT INTO gold.macd_rows SELECT * REPLACE (macd + 0.5 AS macd, version + 1 AS version)
       FROM gold.macd_rows FINAL WHERE window_start = '2013-11-28 09:00:00'`,
    );
    for (const task of [
      ['plan-run', RUN, `--start=${WINDOW.start}`, `--end=${WINDOW.end}`],
      ['run-spark-sql', RUN, '--job=candles_1m'],
      ['run-dbt', RUN],
    ]) {
      const { code, errors } = await test.task(...task);
      expect(code, errors.join('\n')).to.equal(0);
    }
    const said = await validate();
    expect(said).to.match(/candles: .*gold\.candles.*2013-11-29T12:00/);
    expect(said).to.match(/macd: .*gold\.macd.*2013-11-28T09:00/);
    await runStatements(
      test,
      `INSERT INTO gold.candles_rows SELECT * REPLACE (high - 1 AS high, version + 1 AS version)
       FROM gold.candles_rows FINAL WHERE window_start = '2013-11-29 12:00:00';
       INSERT INTO gold.macd_rows SELECT * REPLACE (macd - 0.5 AS macd, version + 1 AS version)
       FROM gold.macd_rows FINAL WHERE window_start = '2013-11-28 09:00:00'`,
    );
  });

  it("in silver, outside the run's plan", async () => {
    const at = "window_start = TIMESTAMP '2013-11-29 13:00:00 UTC'";
    await runTrino(test, `UPDATE lake.silver.candles_1m SET low = low - 1 WHERE ${at}`);
    expect(await validate()).to.match(/candles: .*silver\.candles_1m.*2013-11-29T13:00/);
    await runTrino(test, `UPDATE lake.silver.candles_1m SET low = low + 1 WHERE ${at}`);
  });

  for (const { layer, what, by, named } of quickCorruptions)
    it(`${layer}: ${what}`, async () => {
      const undo = await by(test);
      for (const [check, words] of Object.entries(named))
        expect((await runCheck(test, 'after-hands', check)).problems.join('\n')).to.match(words);
      await undo();
    });

  it('in bronze', async () => {
    await runTrino(test, 'UPDATE lake.bronze.trades SET price = price + 1 WHERE sequence = 50000');
    expect(await validate()).to.match(/bronze_snapshots: .*lake\.bronze\.trades.*50000/);
  });
}
