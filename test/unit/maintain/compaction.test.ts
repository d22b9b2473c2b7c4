import { expect } from 'chai';
import {
  daysToCompact,
  edgesOf,
  tooManyManifests,
  type TableFile,
} from '../../../tasks/src/lib/maintain/compaction.ts';
import { DEFAULTS } from '../../../tasks/src/lib/maintain/policy.ts';

const HOUR = 3_600_000;
/** An hour and a half after midnight. */
const NOW = Date.parse('2026-02-02T01:30:00Z');

const file = (change: Partial<TableFile> = {}): TableFile => ({
  modified: Date.parse('2026-02-01T12:00:00Z'),
  content: 'rows',
  bytes: 5000,
  day: '2026-02-01',
  ...change,
});
const files = (count: number, change: Partial<TableFile> = {}): TableFile[] =>
  Array.from({ length: count }, () => file(change));
const days = (list: readonly TableFile[], now = NOW): string[] =>
  daysToCompact(list, DEFAULTS, now).map(({ day }) => day);

describe('a day of the lake', () => {
  it('is compacted when it is closed and has many small files, the oldest day first', () => {
    const list = [...files(6), ...files(7, { day: '2026-01-31' }), file({ day: '2026-01-31', bytes: 80_000_000 })];
    expect(daysToCompact(list, DEFAULTS, NOW)).to.deep.equal([
      { day: '2026-01-31', files: 7, bytes: 35_000 },
      { day: '2026-02-01', files: 6, bytes: 30_000 },
    ]);
  });

  it('is left alone while it goes on, and for an hour after its end', () => {
    expect(days(files(99, { day: '2026-02-02', modified: NOW - 2 * HOUR }))).to.deep.equal([]);
    expect(days(files(99), Date.parse('2026-02-02T00:59:59Z'))).to.deep.equal([]);
    expect(days(files(99), Date.parse('2026-02-02T01:00:00Z'))).to.deep.equal(['2026-02-01']);
  });

  it('is left alone while late trades or a backfill come to it, however long ago it was', () => {
    const backfilled = [...files(9, { day: '2013-11-25', modified: NOW - 2 * HOUR })];
    expect(days([...backfilled, file({ day: '2013-11-25', modified: NOW - HOUR + 1 })])).to.deep.equal([]);
    expect(
      days([...backfilled, file({ day: '2013-11-25', modified: undefined })]),
      'newer than the list',
    ).to.deep.equal([]);
    expect(days(backfilled)).to.deep.equal(['2013-11-25']);
  });

  it('is left alone when it was compacted, also with a few late trades', () => {
    expect(days([file({ bytes: 900_000 })])).to.deep.equal([]);
    expect(days([file({ bytes: 900_000 }), ...files(3)])).to.deep.equal([]);
    expect(days([file({ bytes: 900_000 }), ...files(4)])).to.deep.equal(['2026-02-01']);
  });

  it('is compacted for the deletes that every reader has to apply', () => {
    expect(days([file(), file({ content: 'deletes' })])).to.deep.equal(['2026-02-01']);
    expect(days([file({ content: 'deletes' })]), 'of rows that are not there').to.deep.equal([]);
  });

  it('goes from midnight to midnight, UTC', () => {
    expect(edgesOf('2026-02-28')).to.deep.equal({ start: '2026-02-28 00:00:00 UTC', end: '2026-03-01 00:00:00 UTC' });
  });
});

describe('the manifests of a table', () => {
  it('are rewritten when they are many for the days that there are, and not again right after', () => {
    expect(tooManyManifests(33, 1)).to.equal(true);
    expect(tooManyManifests(32, 1)).to.equal(false);
    expect(tooManyManifests(400, 400), 'one for each day').to.equal(false);
    expect(tooManyManifests(0, 0)).to.equal(false);
  });
});
