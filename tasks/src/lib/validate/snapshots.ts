import { join } from 'node:path';
import { z } from 'zod';
import type { Trino } from '../trino.ts';
import { PROBLEMS_NAMED, type Finding } from './finding.ts';
import { RowChanges, bronzeSnapshot, handMade, snapshotText, type BronzeSnapshot } from './hand-made.ts';

const changeRow = z.object({ change: z.int(), changed_row: z.string() });

/**
 * Bronze is written by the sink alone, and rewritten by maintenance. For any other snapshot the table before it is compared
 * with the table after it, and the rows that differ are named.
 */
export async function checkBronzeSnapshots(trino: Trino, root: string): Promise<Finding> {
  const checks = join(root, 'trino', 'checks');
  const snapshots: BronzeSnapshot[] = [];
  for await (const row of trino.queryFile(join(checks, 'bronze_snapshots.sql'), bronzeSnapshot)) snapshots.push(row);
  const orphans: string[] = [];
  const changes = new RowChanges();
  for (const snapshot of handMade(snapshots)) {
    const { table_name, snapshot_id, parent_id } = snapshot;
    if (parent_id === null) {
      orphans.push(`${snapshotText(snapshot)}; the one before it is not there any more, so its rows cannot be told`);
      continue;
    }
    const versions = { before: BigInt(parent_id), after: BigInt(snapshot_id) };
    const file = join(checks, 'bronze_rows', `${table_name}.sql`);
    for await (const { change, changed_row } of trino.queryFile(file, changeRow, versions))
      changes.add(snapshot, changed_row, change);
  }
  return {
    rows_checked: snapshots.length,
    problem_count: orphans.length + changes.size,
    problems: [...orphans, ...changes.problems(PROBLEMS_NAMED)].slice(0, PROBLEMS_NAMED),
  };
}
