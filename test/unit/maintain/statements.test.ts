import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { contract } from '../../../tasks/src/lib/contracts.ts';
import { lakeTables, tableLabel } from '../../../tasks/src/lib/lake/tables.ts';
import { expireSnapshots, optimizeDay, optimizeManifests } from '../../../tasks/src/lib/maintain/statements.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const tables = lakeTables((topic) => contract(root, topic));

describe('the statements of maintenance', () => {
  const [trades] = tables;
  if (trades === undefined) throw new Error('there is no table');

  it('name one day of one table, and an age', () => {
    expect(optimizeDay(trades, '2026-01-31', 1000)).to.equal(
      `ALTER TABLE "lake"."bronze"."trades" EXECUTE optimize(file_size_threshold => '1000B') ` +
        `WHERE "event_time" >= TIMESTAMP '2026-01-31 00:00:00 UTC' AND "event_time" < TIMESTAMP '2026-02-01 00:00:00 UTC'`,
    );
    expect(optimizeManifests(trades)).to.equal('ALTER TABLE "lake"."bronze"."trades" EXECUTE optimize_manifests');
    expect(expireSnapshots(trades, 1234.2)).to.equal(
      `ALTER TABLE "lake"."bronze"."trades" EXECUTE expire_snapshots(retention_threshold => '1235ms')`,
    );
  });

  it('look at every table of the lake, by its own day', () => {
    const folder = join(root, 'trino', 'maintenance');
    for (const name of readdirSync(folder).filter((file) => file !== 'clock.sql')) {
      const sql = readFileSync(join(folder, name), 'utf8');
      for (const table of tables) {
        expect(sql, name).to.include(`'${tableLabel(table)}' AS table_name`);
        if (name === 'files.sql') expect(sql).to.include(`partition.${table.day}_day`);
      }
    }
  });
});
