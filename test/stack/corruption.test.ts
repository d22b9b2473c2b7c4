import { expect } from 'chai';
import { z } from 'zod';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { corruptions } from '../support/corruption/cases.ts';
import { runCheck } from '../support/corruption/checks.ts';
import { CANDLES, COVERED, writeHistory } from '../support/corruption/history.ts';
import type { Undo } from '../support/corruption/hands.ts';
import { valuesOf } from '../support/corruption/topics.ts';
import { queryAll, readGoldCandles } from '../support/read-back.ts';
import { replayIs, SYMBOL } from '../support/replay.ts';
import { Connector } from '../support/source/connector.ts';
import { TestStack, type LedgerReport } from '../support/test-stack.ts';

const CHECKS = [
  'bronze_snapshots',
  'unique_keys',
  'candles',
  'moving_averages',
  'macd',
  'freshness',
  'plans',
  'ledger',
];

describe('a row changed by hand, in any layer', () => {
  const test = new TestStack(24_000);

  const task = async (...args: string[]): Promise<unknown> => {
    const { code, errors, result } = await test.task(...args);
    expect(code, `${args.join(' ')}: ${errors.join('\n')}`).to.equal(0);
    return result;
  };

  /** A run of gold, task by task, as its DAG has them. */
  const gold = async (run: string): Promise<void> => {
    await task('plan-run', `--run-id=${run}`);
    await task('run-spark-sql', `--run-id=${run}`, '--job=candles_1m');
    await task('run-dbt', `--run-id=${run}`);
    await task('validate-gold', `--run-id=${run}`);
  };

  const stage = ({ stages }: LedgerReport, name: string) => stages.find((found) => found.stage === name);

  /** The ledger, as soon as it shows what is asked for. */
  const ledgerIs = (what: string, ask: (report: LedgerReport) => boolean): Promise<void> =>
    waitFor(async () => ask(await test.ledger()), { what, timeoutMs: 180_000, intervalMs: 3000 }).then(() => undefined);

  const lastReceived = async (): Promise<number> => (await valuesOf(test, 'trades')).at(-1)?.received_at ?? Infinity;

  /** A run looks at averages that were closed a minute before its horizon, which is that of the source's last event. */
  const sourceOutlives = (received: number): Promise<boolean> =>
    waitFor(async () => ((await valuesOf(test, 'feed-events')).at(-1)?.occurred_at ?? 0) > received + 70_000, {
      what: 'an event more than a minute after the last trade',
      timeoutMs: 180_000,
      intervalMs: 3000,
    });

  before(async () => {
    await test.mustRun('start', '--align', 'recorded', '--speed', 'max', '--engines-only', '--without', 'airflow');
    await task('start-stream');
    await task('sync-flink');
    await task('wait-for-candles');
    await replayIs(test, 'the end of the week', ({ done }) => done);
    for (let i = 0; i < 2; i += 1) {
      const response = await fetch(`${test.stack.url('replay-feed')}/faults`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${test.stack.credentials.replayToken}` },
        body: JSON.stringify({ fault: 'garbage', form: 'negative-price' }),
      });
      expect(response.status).to.equal(202);
    }
    const connect = test.stack.url('connect');
    await ledgerIs('the week in bronze', (report) => stage(report, 'bronze')?.trades === 100_000);
    await ledgerIs('the refused trades in bronze', (report) => stage(report, 'bronze')?.refused === 2);
    await sourceOutlives(await lastReceived());
    await new Connector(connect, 'trades-replay').stop();
    await gold('first');
    await writeHistory(test);
    await ledgerIs('history in bronze', (report) => stage(report, 'history')?.trades === 4);
    await gold('second');
    await new Connector(connect, 'lake-bronze').stop();
  });

  after(() => test.remove());

  it('would be named: as it is, each check passes', async () => {
    for (const name of CHECKS) {
      const { rows_checked, problems } = await runCheck(test, 'second', name);
      expect(problems, name).to.deep.equal([]);
      expect(rows_checked, name).to.be.greaterThan(0);
    }
  });

  it("is none where history covers minutes: gold holds history's candles there, and the ledger balances", async () => {
    const held = (await readGoldCandles(test, SYMBOL)).filter(
      ({ window_start: at }) => at >= COVERED.start && at < COVERED.end,
    );
    expect(
      held.map(({ lane, turnover, ...candle }) => (lane === 'batch' && turnover !== '0' ? candle : lane)),
    ).to.deep.equal(CANDLES);
    const report = await test.ledger();
    expect(report.problems).to.deep.equal([]);
    expect(stage(report, 'history')).to.deep.include({ trades: 4, covered_minutes: 2, counted: 4 });
  });

  it('leaves the numbers of each look in gold.ledger, where a dashboard finds them', async () => {
    const rows = await queryAll(
      test,
      'ledger_measures.sql',
      {},
      z.object({ stage: z.string(), measure: z.string(), value: z.number() }),
    );
    expect(rows).to.deep.include({ stage: 'bronze', measure: 'trades', value: 100_000 });
    expect(rows).to.deep.include({ stage: 'ledger', measure: 'balanced', value: 1 });
    expect(rows).to.deep.include({ stage: 'history', measure: 'counted', value: 4 });
  });

  it('is looked for in a window alone when one is given', async () => {
    const window = ['--start=2013-11-28T12:00:00Z', '--end=2013-11-28T12:02:00Z'];
    const report = z
      .object({ balanced: z.boolean(), stages: z.array(z.looseObject({ stage: z.string(), trades: z.number() })) })
      .parse(await task('ledger', '--json', ...window));
    expect(report.balanced).to.equal(true);
    expect(report.stages.find(({ stage: name }) => name === 'gold')).to.deep.include({ trades: 4, candles: 2 });
    expect(report.stages.find(({ stage: name }) => name === 'bronze')).to.deep.include({ trades: 100_000 });
  });

  for (const { layer, what, by, named } of corruptions) {
    describe(`${layer}: ${what}`, () => {
      let undo: Undo | undefined;

      before(async () => {
        undo = await by(test);
      });
      after(() => undo?.());

      for (const [check, words] of Object.entries(named)) {
        it(`is named by the check ${check}`, async () => {
          const { problems, problem_count } = await runCheck(test, 'second', check);
          expect(problem_count).to.be.greaterThan(0);
          expect(problems.join('\n')).to.match(words);
        });
      }
    });
  }
});
