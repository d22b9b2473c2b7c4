import { expect } from 'chai';
import { judgeSink, type SinkFacts } from '../../../tasks/src/lib/health/judge.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const LATE = 300_000;
const well: SinkFacts = {
  connector: 'lake-bronze',
  control: { topic: 'control-lake-bronze-1', exists: true },
  coordinators: { group: 'connect-lake-bronze-coord', members: 1 },
  waiting: [{ topic: 'trades', partition: 0, offset: 7, timestamp: NOW - LATE }],
  doubled: [],
};

/** The messages of the checks that fail, by name. */
const sick = (change: Partial<SinkFacts>): Record<string, string> =>
  Object.fromEntries(
    judgeSink({ ...well, ...change }, LATE, NOW)
      .filter(({ healthy }) => !healthy)
      .map(({ name, message }) => [name, message]),
  );

describe('the health of the sink of the lake', () => {
  it('is told by four checks, and good when all is well', () => {
    const checks = judgeSink(well, LATE, NOW);
    expect(checks.map(({ name }) => name)).to.deep.equal(['control_topic', 'coordinator', 'commits', 'doubled_files']);
    expect(sick({})).to.deep.equal({});
    expect(sick({ waiting: [] })).to.deep.equal({});
  });

  it('is bad when its control topic was deleted, and says how it gets another', () => {
    const { control_topic } = sick({ control: { topic: 'control-lake-bronze-1', exists: false } });
    expect(control_topic).to.match(/control-lake-bronze-1 .* not there any more.*start-stream.*ledger/s);
    expect(sick({ control: undefined })['control_topic']).to.match(/no connector lake-bronze.*start-stream/);
  });

  it('is bad without a coordinator, and with two', () => {
    const of = (members: number): string | undefined =>
      sick({ coordinators: { group: 'connect-lake-bronze-coord', members } })['coordinator'];
    expect(of(0)).to.match(/Nobody is in the group.*restart/i);
    expect(of(2)).to.match(/2 members.*stop it/);
  });

  it('is bad when a record waits for too long, whatever the sink says; the oldest is named', () => {
    const late = { topic: 'feed-events', partition: 0, offset: 41, timestamp: NOW - LATE - 1000 };
    expect(sick({ waiting: [...well.waiting, late] })['commits']).to.match(
      /offset 41 of feed-events-0, of 2026-01-31T11:54:59.000Z, is not in it after 301 s.*committed to 0 table/,
    );
  });

  it('is bad when a file was added twice', () => {
    const doubled = [{ table_name: 'bronze.trades', file_path: 's3://warehouse/x.parquet', snapshots: 2 }];
    expect(sick({ doubled })['doubled_files']).to.match(/x\.parquet of bronze\.trades, by 2.*lake_compaction.*ledger/);
  });
});
