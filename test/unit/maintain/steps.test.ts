import { expect } from 'chai';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { LakeTable } from '../../../tasks/src/lib/lake/tables.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { DEFAULTS } from '../../../tasks/src/lib/maintain/policy.ts';
import { steps, type Tools } from '../../../tasks/src/lib/maintain/steps.ts';
import type { StoredFile } from '../../../tasks/src/lib/maintain/stored.ts';

const NOW = Date.parse('2026-02-10T12:00:00Z');
const DAY = 86_400_000;
const table: LakeTable = { schema: 'bronze', name: 'trades', day: 'event_time', properties: {}, columns: [] };
const location = { bucket: 'warehouse', prefix: 't/' };
const data = (name: string, daysOld: number): StoredFile => ({
  key: `t/data/${name}.parquet`,
  bytes: 5000,
  modified: NOW - daysOld * DAY,
});

/** A lake of one table, and what was asked of it and done to it, in order. */
class FakeLake {
  readonly calls: string[] = [];
  stored: StoredFile[] = [];
  inUse: string[] = [];
  named: string[] = [];
  snapshots: { snapshot_id: string; committed_at: number; manifest_list: string }[] = [];
  announced: string[] = [];
  conflicts = 0;

  tools(change: Partial<Tools> = {}): Tools {
    const said = <T>(call: string, answer: T): Promise<T> => {
      this.calls.push(call);
      return Promise.resolve(answer);
    };
    return {
      trino: {
        execute: (text) => {
          this.calls.push(text);
          this.conflicts -= 1;
          return this.conflicts < 0
            ? Promise.resolve()
            : Promise.reject(
                new RatehouseError('RATEHOUSE_REFUSED', 'Trino refused it: ICEBERG_COMMIT_ERROR: conflict'),
              );
        },
      },
      catalog: {
        location: () => Promise.resolve(location),
        now: () => Promise.resolve(NOW),
        manifests: () => Promise.resolve(1),
        snapshots: () => said('read snapshots', this.snapshots),
        metadataLog: () => said('read metadata log', [{ key: 't/metadata/v3.metadata.json', logged_at: NOW - DAY }]),
        named: () => said('read names', new Set(this.named)),
        files: (_table, _location, stored) =>
          said(
            'read files',
            this.inUse.map((key) => ({
              key,
              modified: stored.find((file) => file.key === key)?.modified,
              content: 'rows' as const,
              bytes: 5000,
              day: '2026-02-01',
            })),
          ),
      },
      storage: {
        list: () => said('list', [...this.stored]),
        remove: (_location, key) => said(`remove ${key}`, undefined),
      },
      policy: DEFAULTS,
      dryRun: false,
      needed: undefined,
      announced: () => said('ask the sink', new Set(this.announced)),
      context: { log: jsonLog(() => undefined), signal: new AbortController().signal },
      ...change,
    };
  }
}

describe('a step of the maintenance', () => {
  let lake: FakeLake;
  beforeEach(() => {
    lake = new FakeLake();
  });
  const acts = (): string[] => lake.calls.filter((call) => /^(ALTER|remove)/.test(call));

  it('lists the storage before it asks what is in use: what is committed meanwhile is never taken for unused', async () => {
    lake.stored = [data('a', 9), data('stray', 9)];
    lake.inUse = ['t/data/a.parquet'];
    await steps.orphans(table, location, lake.tools());
    expect(lake.calls).to.deep.equal([
      'list',
      'read files',
      'read names',
      'ask the sink',
      'remove t/data/stray.parquet',
    ]);
    lake.calls.length = 0;
    lake.stored = [{ key: 't/metadata/v2.metadata.json', bytes: 1, modified: NOW - DAY }];
    await steps.metadata(table, location, lake.tools());
    expect(lake.calls).to.deep.equal(['list', 'read metadata log', 'remove t/metadata/v2.metadata.json']);
  });

  it('leaves a file that an older snapshot names, and one that the sink has announced', async () => {
    lake.stored = [data('old', 9), data('announced', 9)];
    lake.named = ['t/data/old.parquet'];
    lake.announced = ['t/data/announced.parquet'];
    const done = await steps.orphans(table, location, lake.tools());
    expect(acts()).to.deep.equal([]);
    expect(done.removed_orphans).to.deep.equal({ files: 0, bytes: 0 });
  });

  it('compacts again what is still to be compacted when another writer was faster', async () => {
    lake.stored = Array.from({ length: 6 }, (_, i) => data(`f${i}`, 5));
    lake.inUse = lake.stored.map(({ key }) => key);
    lake.conflicts = 1;
    const done = await steps.compact(table, location, lake.tools());
    expect(done.compacted_days).to.deep.equal([{ day: '2026-02-01', files: 6, bytes: 30_000 }]);
    expect(lake.calls.map((call) => call.split(' EXECUTE ')[0])).to.deep.equal([
      'list',
      'read files',
      'ALTER TABLE "lake"."bronze"."trades"',
      'list',
      'read files',
      'ALTER TABLE "lake"."bronze"."trades"',
    ]);
  }).timeout(5000);

  it('expires up to what a run of gold needs, told as an age', async () => {
    lake.snapshots = [30, 20, 10].map((hours) => ({
      snapshot_id: `${hours}`,
      committed_at: NOW - hours * 3_600_000,
      manifest_list: '',
    }));
    const done = await steps.expire(table, location, lake.tools({ needed: NOW - 15 * 3_600_000 }));
    expect(done.expired_snapshots).to.equal(1);
    expect(acts()).to.deep.equal([
      `ALTER TABLE "lake"."bronze"."trades" EXECUTE expire_snapshots(retention_threshold => '${20 * 3_600_000 + 5000}ms')`,
    ]);
  });

  it('does nothing with --dry-run, and tells the same', async () => {
    lake.stored = [...Array.from({ length: 6 }, (_, i) => data(`f${i}`, 5)), data('stray', 9)];
    lake.inUse = lake.stored.slice(0, 6).map(({ key }) => key);
    const tools = lake.tools({ dryRun: true });
    expect((await steps.compact(table, location, tools)).compacted_days).to.have.length(1);
    expect((await steps.orphans(table, location, tools)).removed_orphans?.files).to.equal(1);
    expect(acts()).to.deep.equal([]);
  });
});
