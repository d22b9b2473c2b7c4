import { expect } from 'chai';
import { runningJobs } from '../../tasks/src/lib/flink/cluster.ts';
import { request } from '../../tasks/src/lib/http.ts';
import { ConnectClient } from '../../tasks/src/lib/stream/connect.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { averagesOf, candlesOf } from '../support/oracle.ts';
import { readAverages, readCandles, runStatements, type KafkaTrade } from '../support/read-back.ts';
import { comesToRest, replayIs, SYMBOL } from '../support/replay.ts';
import { engineNames, laterGaps, TestStack } from '../support/test-stack.ts';

/** The week in a little over three minutes: it goes on while the engines die one after the other. */
const SPEED = '3000';

describe('an engine that is killed while trades come in', () => {
  const test = new TestStack(21_000);
  let trades: KafkaTrade[];

  before(() => test.mustRun('start', '--lane', 'speed', '--align', 'recorded', '--speed', SPEED));
  after(() => test.remove());

  for (const name of engineNames) {
    it(`${name} is back by itself, with its work`, async () => {
      await test.kill(name);
      await waitFor(
        async () =>
          (await runningJobs(test.stack.url('flink-rest'))).some((job) => job.name === 'trade-windows' && job.healthy),
        { what: 'the Flink job to run', timeoutMs: 180_000 },
      );
    });
  }

  it('a connector whose task failed runs again by itself once the reason is gone', async () => {
    const connect = new ConnectClient(test.stack.url('connect'), new AbortController().signal);
    const sink = await connect.config('clickhouse-silver');
    await connect.put('late-table', {
      ...sink,
      name: 'late-table',
      topics: 'candles-1m',
      'topic.tables': 'candles-1m=late_table',
      'topic.incarnations': '',
    });
    const state = async (): Promise<string | undefined> => (await connect.status('late-table'))?.tasks[0]?.state;
    await waitFor(async () => (await state()) === 'FAILED', {
      what: 'the task without a table to fail',
      timeoutMs: 60_000,
    });
    await runStatements(test, 'CREATE TABLE silver.late_table AS silver.candles_1m_rows');
    await waitFor(async () => (await state()) === 'RUNNING', { what: 'the task to run', timeoutMs: 120_000 });
    await request(`${test.stack.url('connect')}/connectors/late-table`, { method: 'DELETE' });
    await runStatements(test, 'DROP TABLE silver.late_table');
  });

  it('the supervisor: a start ends what it left and goes on', async () => {
    await test.killSupervisor();
    const output = await test.mustRun('start');
    expect(output).to.match(/Ended \d+ processes that an earlier supervisor had left/);
    expect((await test.engine('kafka')).state).to.equal('ready');
  });

  it("leaves the candles and averages that the oracle makes of Kafka's trades", async () => {
    await replayIs(test, 'the end of the week', ({ done }) => done);
    trades = await comesToRest(test);
    expect(await readCandles(test, SYMBOL)).to.deep.equal(candlesOf(trades));
    expect(await readAverages(test, SYMBOL)).to.deep.equal(averagesOf(trades));
  });

  it('leaves a balanced ledger, in which each time that the stream was away is a gap', async () => {
    const ledger = await test.ledger();
    expect(ledger.problems).to.deep.equal([]);
    expect(ledger.balanced).to.equal(true);
    // Kafka Connect and the replay were killed, and all of them with the supervisor.
    expect(laterGaps(ledger)).to.have.length.at.least(3);
  });

  it('leaves no process once it is stopped', async () => {
    await test.mustRun('stop');
    expect(test.processes()).to.deep.equal([]);
  });
});
