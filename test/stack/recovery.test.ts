import { expect } from 'chai';
import { runningJobs } from '../../tasks/src/lib/flink/cluster.ts';
import { isOf } from '../../tasks/src/lib/flink/plan.ts';
import { request } from '../../tasks/src/lib/http.ts';
import { ConnectClient } from '../../tasks/src/lib/stream/connect.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { Links, PROXIED } from '../support/faults/links.ts';
import { leaveHangingTransaction, readersWait } from '../support/faults/hanging-transaction.ts';
import { freezeFor, pause, withoutRoom } from '../support/faults/process-faults.ts';
import { readMarks } from '../support/faults/signs.ts';
import { allCandlesOf, averagesShown, readRecording } from '../support/oracle.ts';
import { readAverages, readCandles, runStatements, type KafkaTrade } from '../support/read-back.ts';
import { comesToRest, replayIs, SYMBOL } from '../support/replay.ts';
import { laterGaps, recordingOf, TestStack } from '../support/test-stack.ts';

/** The week in a quarter of an hour: it goes on while the engines fail one after the other, and its rest is played at the end. */
const SPEED = '700';
const SPEED_OF_REST = '20000';

/** Every engine of the lane; those of a line are killed at once, which none of them needs another of. */
const VICTIMS = [
  ['kafka'],
  ['registry', 'seaweedfs', 'flink-sql-gateway', 'replay-feed'],
  ['flink-jobmanager', 'clickhouse'],
  ['flink-taskmanager', 'keeper'],
  ['connect'],
] as const;

const HANGING = 'hanging';

describe('an engine that fails while trades come in', () => {
  const test = new TestStack(21_000, { reachedAt: PROXIED });
  let links: Links;
  let trades: KafkaTrade[];

  before(async () => {
    links = await Links.open(test);
    await test.mustRun('start', '--lane', 'speed', '--align', 'recorded', '--speed', SPEED);
  });
  after(async () => {
    await test.remove();
    links.close();
  });

  /** Waits until the job runs and newer trades have become newer candles. */
  async function goesOn(): Promise<void> {
    const job = async (): Promise<boolean> =>
      (await runningJobs(test.stack.url('flink-rest'))).some(
        ({ name, healthy }) => isOf('trade-windows', name) && healthy,
      );
    await waitFor(job, { what: 'the Flink job to run', timeoutMs: 180_000 });
    // Kafka or ClickHouse may be who fails, and not answer yet.
    const before = await waitFor(() => readMarks(test), { what: 'where trades and candles are', timeoutMs: 120_000 });
    await waitFor(
      async () => {
        const now = await readMarks(test);
        return now.trades > before.trades && now.candle > before.candle;
      },
      { what: 'newer trades and newer candles', timeoutMs: 180_000 },
    );
  }

  it('is each of the lane, in the tests that follow', async () => {
    const names = (await test.engines()).map(({ name }) => name);
    expect(VICTIMS.flat().sort()).to.deep.equal(names.sort());
  });

  it('has a transaction besides that hangs, of which its coordinator knows nothing', async () => {
    await leaveHangingTransaction(test.stack.address('kafka'), HANGING);
    expect(await readersWait(test.stack.address('kafka'), HANGING)).to.equal(true);
  });

  for (const names of VICTIMS)
    it(`${names.join(', ')}, killed: back by itself, with its work`, async () => {
      // The hardest moment for the worker: its open transaction must not hold its successor up until it times out.
      const kill = (name: string): Promise<void> =>
        name === 'connect' ? test.killInTransaction(name, 'trades') : test.kill(name);
      await Promise.all(names.map(kill));
      await goesOn();
    });

  it('kafka, frozen for ten seconds: the others wait, and go on', async () => {
    await freezeFor(test, 10, ['kafka']);
    await goesOn();
  });

  it('flink-taskmanager, without room on its disk for five seconds: the job goes on from its last checkpoint', async () => {
    await withoutRoom(test, 5, 'flink-taskmanager');
    await goesOn();
  });

  it('connect, cut from kafka for five seconds, and then from clickhouse by connections that hang', async () => {
    expect(await links.whileBroken(['connect', 'kafka'], 'cut', () => pause(5))).to.be.greaterThan(0);
    await goesOn();
    await links.whileBroken(['connect', 'clickhouse'], 'half-open', () => pause(2));
    await goesOn();
  });

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

  it('the transaction that hung was aborted, and readers of committed records go on', async () => {
    await waitFor(async () => !(await readersWait(test.stack.address('kafka'), HANGING)), {
      what: 'the hanging transaction to be aborted',
      timeoutMs: 300_000,
      intervalMs: 1000,
    });
  });

  it('the supervisor: a start ends what it left and goes on', async () => {
    await test.killSupervisor();
    const output = await test.mustRun('start', '--speed', SPEED_OF_REST);
    expect(output).to.match(/Ended \d+ processes that an earlier supervisor had left/);
    expect((await test.engine('kafka')).state).to.equal('ready');
  });

  it("leaves the candles and averages that the oracle makes of Kafka's trades", async () => {
    await replayIs(test, 'the end of the week', ({ done }) => done);
    const last = (await readRecording(recordingOf(test.stack))).at(-1);
    trades = await comesToRest(test, { last, timeoutMs: 240_000 });
    expect(await readCandles(test, SYMBOL)).to.deep.equal(allCandlesOf(trades));
    const averages = await readAverages(test, SYMBOL);
    expect(averages).to.deep.equal(averagesShown(trades, averages));
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
