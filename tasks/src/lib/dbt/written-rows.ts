import { join } from 'node:path';
import { z } from 'zod';
import type { ClickHouse } from '../clickhouse.ts';
import type { TaskContext } from '../command.ts';
import { describe } from '../error.ts';
import type { ModelResult } from './results.ts';

const row = z.object({ query_id: z.string(), written_rows: z.int() });

/**
 * How many rows each model's insert wrote, by the id of its query; dbt does not say. ClickHouse's own log of queries does,
 * where this user may read it: without it a run is no worse.
 */
export async function writtenRows(
  models: readonly ModelResult[],
  clickhouse: ClickHouse,
  context: TaskContext,
): Promise<ReadonlyMap<string, number>> {
  const ids = models.flatMap(({ queryId }) => (queryId === undefined ? [] : [queryId]));
  const found = new Map<string, number>();
  const sql = join(context.root, 'tasks', 'sql', 'dbt');
  try {
    await clickhouse.runFile(join(sql, 'flush_query_log.sql'));
    for await (const { query_id, written_rows } of clickhouse.queryFile(join(sql, 'written_rows.sql'), row, {
      query_ids: ids,
    })) {
      found.set(query_id, written_rows);
    }
  } catch (error) {
    context.log.warn('the rows that each model wrote could not be read', { why: describe(error) });
  }
  return found;
}
