import { identifier, tableName, text, type LakeTable } from '../lake/tables.ts';
import { edgesOf } from './compaction.ts';

const CATALOG = 'lake';

/** Makes the small files of one day few, and applies its deletes. */
export function optimizeDay(table: LakeTable, day: string, smallBytes: number): string {
  const { start, end } = edgesOf(day);
  const column = identifier(table.day);
  return (
    `ALTER TABLE ${tableName(CATALOG, table)} EXECUTE optimize(file_size_threshold => ${text(`${smallBytes}B`)}) ` +
    `WHERE ${column} >= TIMESTAMP ${text(start)} AND ${column} < TIMESTAMP ${text(end)}`
  );
}

export function optimizeManifests(table: LakeTable): string {
  return `ALTER TABLE ${tableName(CATALOG, table)} EXECUTE optimize_manifests`;
}

/** Expires the snapshots that are older than this by Trino's clock, and removes the files that only they named. */
export function expireSnapshots(table: LakeTable, olderThanMs: number): string {
  const retention = text(`${Math.max(0, Math.ceil(olderThanMs))}ms`);
  return `ALTER TABLE ${tableName(CATALOG, table)} EXECUTE expire_snapshots(retention_threshold => ${retention})`;
}
