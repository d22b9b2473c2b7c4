import { expect } from 'chai';
import { namedIn } from '../../../tasks/src/lib/maintain/announced.ts';
import { oldMetadata, orphans } from '../../../tasks/src/lib/maintain/removal.ts';
import { countKinds, keyOf, kindOf, parseLocation, type StoredFile } from '../../../tasks/src/lib/maintain/stored.ts';

const MINUTE = 60_000;
const NOW = 10_000 * MINUTE;
const location = { bucket: 'warehouse', prefix: 'bronze/trades-1/' };
const stored = (name: string, minutesOld: number): StoredFile => ({
  key: `bronze/trades-1/${name}`,
  bytes: 10,
  modified: NOW - minutesOld * MINUTE,
});
const names = (files: readonly StoredFile[]): string[] => files.map(({ key }) => key.slice(location.prefix.length));

describe('a metadata file', () => {
  const policy = { metadataMs: 10 * MINUTE };
  const log = (version: number, minutesOld: number): { key: string; logged_at: number } => ({
    key: `bronze/trades-1/metadata/v${version}.metadata.json`,
    logged_at: NOW - minutesOld * MINUTE,
  });
  const file = (version: number, minutesOld: number): StoredFile =>
    stored(`metadata/v${version}.metadata.json`, minutesOld);
  const old = (files: readonly StoredFile[], entries: ReturnType<typeof log>[]): string[] =>
    names(oldMetadata(location, files, entries, policy, NOW));

  it('goes ten minutes after it was written, unless it is current', () => {
    const found = old([file(1, 900), file(2, 30), file(3, 10), file(4, 9)], [log(2, 30), log(3, 10), log(4, 5)]);
    expect(found).to.deep.equal([
      'metadata/v1.metadata.json',
      'metadata/v2.metadata.json',
      'metadata/v3.metadata.json',
    ]);
  });

  it('stays while it is current, however old', () => {
    expect(old([file(1, 9000), file(2, 8000)], [log(1, 9000), log(2, 8000)])).to.deep.equal([
      'metadata/v1.metadata.json',
    ]);
  });

  it('stays when it may be current: logged last, by a clock that is a minute behind', () => {
    expect(old([file(1, 100), file(2, 101)], [log(1, 100), log(2, 101)])).to.deep.equal([]);
  });

  it('stays when the table remembers none at all', () => {
    expect(old([file(1, 900)], [])).to.deep.equal([]);
  });
});

describe('a file that no snapshot names', () => {
  const policy = { orphanMs: 72 * 60 * MINUTE };
  const day = 24 * 60;

  it('goes when it is older than any commit may be late', () => {
    const files = [
      stored('data/event_time_day=2026-01-01/a.parquet', 4 * day),
      stored('data/event_time_day=2026-01-01/b.parquet', 4 * day),
      stored('data/event_time_day=2026-01-01/young.parquet', 2 * day),
      stored('metadata/m0.avro', 4 * day),
      stored('metadata/snap-1.avro', 4 * day),
    ];
    const named = new Set(
      ['a.parquet', 'snap-1.avro'].map((name) => files.find(({ key }) => key.endsWith(`/${name}`))?.key ?? ''),
    );
    expect(names(orphans(location, files, named, policy, NOW))).to.deep.equal([
      'data/event_time_day=2026-01-01/b.parquet',
      'metadata/m0.avro',
    ]);
  });

  it('stays when it is something that we do not know, or of another table', () => {
    const files = [
      stored('metadata/20260101-x.stats', 9 * day),
      stored('metadata/v1.metadata.json', 9 * day),
      { ...stored('', 9 * day), key: 'bronze/trades-12/data/x.parquet' },
    ];
    expect(orphans(location, files, new Set(), policy, NOW)).to.deep.equal([]);
  });

  it('is known again in what the sink announced', () => {
    const key = 'bronze/trades-1/data/event_time_day=2026-01-01/00001-1-uuid-00001.parquet';
    const record = Buffer.concat([Buffer.from([0, 0xff]), Buffer.from(`s3://warehouse/${key}`), Buffer.from([2])]);
    expect(namedIn(record, ['a/other.parquet', key])).to.deep.equal([key]);
    expect(namedIn(null, [key])).to.deep.equal([]);
  });
});

describe('the files of a table', () => {
  it('are told apart by where they lie', () => {
    const kinds = [
      'data/d=1/x.parquet',
      'metadata/snap-1-x.avro',
      'metadata/v1.metadata.json',
      'metadata/x.stats',
      'x',
    ];
    expect(kinds.map((name) => kindOf(location, `${location.prefix}${name}`))).to.deep.equal([
      'data',
      'manifests',
      'metadata',
      'other',
      'other',
    ]);
    expect(kindOf(location, 'silver/x/data/x.parquet')).to.equal('other');
  });

  it('are counted by kind', () => {
    const counts = countKinds(location, [stored('data/x.parquet', 0), stored('data/y.parquet', 0), stored('z', 0)]);
    expect(counts.data).to.deep.equal({ files: 2, bytes: 20 });
    expect(counts.other).to.deep.equal({ files: 1, bytes: 10 });
    expect(counts.metadata).to.deep.equal({ files: 0, bytes: 0 });
  });

  it('lie below a location of S3, and nowhere else', () => {
    expect(parseLocation('s3://warehouse/bronze/trades-1')).to.deep.equal(location);
    expect(parseLocation('s3://warehouse/bronze/trades-1/')).to.deep.equal(location);
    for (const wrong of ['', 's3://warehouse', 's3://warehouse/', 'file:///tmp/x'])
      expect(parseLocation(wrong), wrong).to.equal(undefined);
    expect(keyOf(location, 's3://warehouse/bronze/trades-1/x')).to.equal('bronze/trades-1/x');
    expect(keyOf(location, 's3://elsewhere/bronze/trades-1/x')).to.equal(undefined);
  });
});
