import { expect } from 'chai';
import { Airflow } from '../../stack/lib/airflow.ts';
import { descendantsOf } from '../../stack/lib/processes.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { differsFromTalib, runGold, waitForGold } from '../support/gold.ts';
import { allCandlesOf, readRecording, type RecordedTrade } from '../support/oracle.ts';
import { readGoldCandles } from '../support/read-back.ts';
import { replayIs, SYMBOL } from '../support/replay.ts';
import { recordingOf, TestStack } from '../support/test-stack.ts';

/** The week in five and a half minutes: there is something new for each run. */
const SPEED = '1800';

/** All that there is by then: a run over a window always has something to do, whatever the schedule's runs have done before. */
const WINDOW = { start: '2013-11-25T00:00:00Z', end: '2013-12-03T00:00:00Z' };

/** Who is killed, and during which task of the run. */
const VICTIMS = [
  ['trino', 'validate_gold'],
  ['Spark', 'run_spark_sql'],
  ['clickhouse', 'run_dbt'],
  ['airflow-scheduler', 'run_spark_sql'],
] as const;

describe('gold, in many runs while trades come in, with an engine killed in each', () => {
  const test = new TestStack(21_000);
  let airflow: Airflow;
  let recording: RecordedTrade[];

  before(async () => {
    recording = await readRecording(recordingOf(test.stack));
    await test.mustRun('start', '--align', 'recorded', '--speed', SPEED);
    airflow = Airflow.of(test.stack);
  });
  after(() => test.remove());

  for (const [victim, task] of VICTIMS) {
    it(`${victim} killed in ${task}: the run ends well after Airflow's retries`, async () => {
      const run = await airflow.trigger('gold', WINDOW);
      await waitFor(
        async () =>
          (await airflow.tasks('gold', run)).some(({ task_id, state }) => task_id === task && state === 'running'),
        { what: `${task} to run`, timeoutMs: 240_000, intervalMs: 300 },
      );
      await (victim === 'Spark' ? killSpark() : test.kill(victim));
      const { tasks } = await waitForGold(test, run);
      expect([...tasks.values()]).to.deep.equal(['success', 'success', 'success', 'success']);
    });
  }

  it('holds in the end what the oracle and TA-Lib make of the CSV, as one run would have', async () => {
    await replayIs(test, 'the end of the week', ({ done }) => done);
    const wanted = allCandlesOf(recording);
    await waitFor(
      async () => {
        await runGold(test);
        return (await readGoldCandles(test, SYMBOL)).filter(({ lane }) => lane === 'batch').length === wanted.length;
      },
      { what: 'gold to hold the whole week', timeoutMs: 300_000, intervalMs: 2000 },
    );
    const found = await readGoldCandles(test, SYMBOL);
    expect(found).to.deep.equal(wanted.map((candle) => ({ ...candle, lane: 'batch' })));
    expect(await differsFromTalib(test, wanted)).to.deep.equal({ rows: wanted.length - 33, different: [] });
  });

  it('has a balanced ledger', async () => {
    const ledger = await test.ledger();
    expect(ledger.problems).to.deep.equal([]);
    expect(ledger.balanced).to.equal(true);
  });

  async function killSpark(): Promise<void> {
    const { pid } = await test.engine('airflow-scheduler');
    if (pid === null) throw new Error('the scheduler does not run');
    const spark = await waitFor(
      () => Promise.resolve(descendantsOf(pid).find(({ commandLine }) => commandLine.includes('SparkSubmit'))),
      { what: "Spark's process", timeoutMs: 60_000, intervalMs: 200 },
    );
    process.kill(spark.pid, 'SIGKILL');
  }
});
