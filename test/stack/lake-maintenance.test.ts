import { expect } from 'chai';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { commitEachSecond, maintain, TestLake } from '../support/lake.ts';
import { lakeSchemaPromises, lakeSinkPromises } from '../support/lake-promises.ts';
import { replayIs } from '../support/replay.ts';
import { TestStack } from '../support/test-stack.ts';

/** The week in eight minutes. */
const SPEED = '1200';
/** Three seconds: in minutes, as the task takes ages. */
const AT_ONCE = '0.05';

describe("the lake's maintenance, beside a sink that commits every second", () => {
  const test = new TestStack(21_000);
  let lake: TestLake;
  /** Data files that were there before they became few. */
  let replaced: readonly string[] = [];

  before(async () => {
    await test.mustRun('start', '--engines-only', '--align', 'recorded', '--speed', SPEED);
    await mustTask('start-stream', '--feed=replay');
    await commitEachSecond(test);
    lake = new TestLake(test);
    await daysWithFiles(3);
  });
  after(() => test.remove());

  it('says with --dry-run what it would do, and does nothing', async () => {
    const files = await lake.filesByDay();
    const { tables } = await maintain(test, '--dry-run', `--settle=${AT_ONCE}`);
    const days = tables.get('bronze.trades')?.compacted_days.map(({ day }) => day) ?? [];
    expect(days.length).to.be.at.least(2);
    const now = await lake.filesByDay();
    for (const day of days) expect(now.get(day), day).to.equal(files.get(day));
  });

  it('makes the files of closed days few, and changes no trade', async () => {
    const before = await lake.trades();
    replaced = (await lake.stored()).map(({ key }) => key).filter((key) => key.endsWith('.parquet'));
    const { tables } = await maintain(test, '--steps=compact,manifests', `--settle=${AT_ONCE}`);
    const { compacted_days: days = [] } = tables.get('bronze.trades') ?? {};
    expect(days.length).to.be.at.least(2);
    const now = await lake.filesByDay();
    for (const { day, files } of days) expect(now.get(day), `${day}, of ${files}`).to.be.at.most(2);
    expect(await lake.trades(before.last_offset)).to.deep.equal(before);
  });

  it('was done while trades came in', async () => {
    const { last_offset } = await lake.trades();
    await waitFor(async () => (await lake.trades()).last_offset > last_offset, {
      what: 'the sink to go on',
      timeoutMs: 60_000,
    });
  });

  it('keeps the history since a run of gold was planned, and expires what is older', async () => {
    const plan = await mustTask('plan-run', '--run-id=unvalidated');
    const { snapshot_id } = plan as { snapshot_id: string };
    const snapshots = () => lake.catalog.snapshots(lake.table);
    const older = (await snapshots()).length;
    await waitFor(async () => (await snapshots()).length >= older + 10, {
      what: 'ten more snapshots',
      timeoutMs: 120_000,
    });
    const before = await lake.trades();
    const { tables } = await maintain(test, '--steps=expire,metadata', '--keep=0', '--metadata-age=0');
    const left = await snapshots();
    const oldest = left.reduce((a, b) => (a.committed_at < b.committed_at ? a : b));
    const planned = left.find((snapshot) => snapshot.snapshot_id === snapshot_id);
    expect(planned, 'the snapshot that the run was planned over').not.to.equal(undefined);
    expect((planned?.committed_at ?? 0) - oldest.committed_at, 'what is older than it').to.be.at.most(10_000);
    expect(left.length).to.be.at.least(10);
    const { expired_snapshots = 0, removed_metadata } = tables.get('bronze.trades') ?? {};
    expect(expired_snapshots).to.be.greaterThan(0);
    expect(removed_metadata?.files).to.be.greaterThan(0);
    expect(await lake.trades(before.last_offset)).to.deep.equal(before);
  });

  it('leaves that run all that it needs: it ends validated', async () => {
    await mustTask('run-spark-sql', '--run-id=unvalidated', '--job=candles_1m');
    await mustTask('run-dbt', '--run-id=unvalidated');
    expect(await mustTask('validate-gold', '--run-id=unvalidated')).to.include({ passed: true });
  });

  it('keeps no more metadata than the last minutes wrote', async () => {
    await maintain(test, '--steps=expire,metadata', '--keep=0', '--metadata-age=0');
    // What was logged within two minutes of the current one stays, for clocks may differ.
    const metadata = (await lake.stored()).filter(({ key }) => key.endsWith('.metadata.json'));
    const newest = metadata.reduce((latest, { modified }) => Math.max(latest, modified), 0);
    expect(metadata.filter(({ modified }) => modified < newest - 150_000)).to.deep.equal([]);
  });

  it('run twice at the same time, plans anew where the other was faster', async () => {
    await daysWithFiles(1);
    const before = await lake.trades();
    await Promise.all([1, 2].map(() => maintain(test, '--steps=compact,expire', '--keep=0', `--settle=${AT_ONCE}`)));
    expect(await lake.trades(before.last_offset)).to.deep.equal(before);
  });

  it('removes a file that no snapshot names, and none that the sink may still commit', async () => {
    const { prefix } = await lake.location();
    const stray = `${prefix}data/event_time_day=2013-11-25/stray.parquet`;
    // Its name is on the control topic, as that of a file would be whose commit was held up.
    const held = new Set((await lake.stored()).map(({ key }) => key));
    const announced = replaced.findLast((key) => !held.has(key)) ?? '';
    expect(announced).not.to.equal('');
    await lake.put(stray);
    await lake.put(announced);
    // Half a minute old: what the sink writes at this moment is younger.
    await waitFor(
      async () => {
        await maintain(test, '--steps=orphans', '--orphan-age=0.5');
        return !(await lake.stored()).some(({ key }) => key === stray);
      },
      { what: 'the stray file to be removed', timeoutMs: 180_000, intervalMs: 5000 },
    );
    expect((await lake.stored()).some(({ key }) => key === announced)).to.equal(true);
  });

  it('finds nothing to do the second time', async () => {
    await replayIs(test, 'the end of the week', ({ done }) => done);
    await waitFor(
      async () => (await maintain(test, '--steps=compact,manifests,orphans', `--settle=${AT_ONCE}`)).skipped,
      { what: 'a run with nothing to do', timeoutMs: 300_000, intervalMs: 5000 },
    );
    for (const [day, files] of await lake.filesByDay()) expect(files, day).to.be.at.most(4);
  });

  it('has every trade once in the end: the ledger balances', async () => {
    await waitFor(async () => (await lake.trades()).trades === 100_000, {
      what: 'all trades in the lake',
      timeoutMs: 120_000,
      intervalMs: 2000,
    });
    const ledger = await test.ledger();
    expect(ledger.problems).to.deep.equal([]);
    expect(ledger.balanced).to.equal(true);
  });

  describe('a table whose contract changed', () => {
    lakeSchemaPromises(() => test);
  });

  describe('the health of its sink', () => {
    lakeSinkPromises(() => test);
  });

  /** Waits until so many days have more files than a compaction leaves, and the one after them has begun. */
  async function daysWithFiles(days: number): Promise<void> {
    await waitFor(async () => [...(await lake.filesByDay())].filter(([, files]) => files >= 5).length > days, {
      what: `${days} days of many files`,
      timeoutMs: 400_000,
      intervalMs: 2000,
    });
  }

  async function mustTask(...args: string[]): Promise<unknown> {
    const { code, result, errors } = await test.task(...args);
    expect(code, `${args.join(' ')}: ${errors.join(' ')}`).to.equal(0);
    return result;
  }
});
