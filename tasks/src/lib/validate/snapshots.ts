import { join } from 'node:path';
import { z } from 'zod';
import { contract } from '../contracts.ts';
import { lakeTables, tableLabel, type LakeTable } from '../lake/tables.ts';
import type { Trino } from '../trino.ts';
import { changedRows, columnsAt, whatChanged } from './bronze-rows.ts';
import { PROBLEMS_NAMED, type Finding } from './finding.ts';
import { RowChanges, bronzeSnapshot, handMade, snapshotText, type BronzeSnapshot } from './hand-made.ts';

const columnRow = z.object({ column_name: z.string().nullable() });
const changeRow = z.object({ change: z.int(), changed_row: z.string() });

/**
 * Bronze is written by the sink alone, and rewritten by maintenance. For any other snapshot the table before it is compared
 * with the table after it, and the rows that differ are named.
 */
export async function checkBronzeSnapshots(trino: Trino, root: string): Promise<Finding> {
  const tables = lakeTables((topic) => contract(root, topic));
  const snapshots: BronzeSnapshot[] = [];
  for await (const row of trino.queryFile(join(root, 'trino', 'checks', 'bronze_snapshots.sql'), bronzeSnapshot))
    snapshots.push(row);
  const orphans: string[] = [];
  const changes = new RowChanges();
  for (const snapshot of handMade(snapshots)) {
    const { table_name, snapshot_id, parent_id } = snapshot;
    if (parent_id === null) {
      orphans.push(`${snapshotText(snapshot)}; the one before it is not there any more, so its rows cannot be told`);
      continue;
    }
    const table = tables.find((each) => tableLabel(each) === `bronze.${table_name}`);
    if (table === undefined) throw new Error(`no table bronze.${table_name}`);
    const versions = { before: BigInt(parent_id), after: BigInt(snapshot_id) };
    const text = changedRows(table, {
      before: await columnsOf(trino, table, versions.before),
      after: await columnsOf(trino, table, versions.after),
    });
    for await (const { change, changed_row } of trino.query(text, changeRow, versions, whatChanged(table)))
      changes.add(snapshot, changed_row, change);
  }
  return {
    rows_checked: snapshots.length,
    problem_count: orphans.length + changes.size,
    problems: [...orphans, ...changes.problems(PROBLEMS_NAMED)].slice(0, PROBLEMS_NAMED),
  };
}

async function columnsOf(trino: Trino, table: LakeTable, snapshot: bigint): Promise<ReadonlySet<string>> {
  const columns = new Set<string>();
  const what = `the columns of lake.${tableLabel(table)} at a snapshot`;
  for await (const { column_name } of trino.query(columnsAt(table), columnRow, { snapshot }, what))
    if (column_name !== null) columns.add(column_name);
  return columns;
}
