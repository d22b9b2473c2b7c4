import { join } from 'node:path';
import { z } from 'zod';
import type { TaskContext } from '../command.ts';
import { contract } from '../contracts.ts';
import { RatehouseError } from '../error.ts';
import type { Trino } from '../trino.ts';
import {
  addColumn,
  createTable,
  lakeTables,
  tableChanges,
  tableLabel,
  type LakeColumn,
  type LakeTable,
  type TableChanges,
} from './tables.ts';

const CATALOG = 'lake';

type Context = Pick<TaskContext, 'root' | 'log'>;

/**
 * Brings the lake's tables to what contracts/ says; run again, it changes nothing. All tables are compared before the first one is
 * made or changed.
 * @throws RATEHOUSE_BAD_DATA naming the columns that differ
 */
export async function makeLakeTables(trino: Trino, context: Context): Promise<void> {
  await carryOutTables(trino, await planLakeTables(trino, context), context);
}

export interface TablePlan {
  readonly table: LakeTable;
  readonly name: string;
  /** Undefined when the table is not there yet. */
  readonly found: readonly LakeColumn[] | undefined;
  readonly changes: TableChanges;
}

/**
 * Compares the lake's tables with contracts/, and changes none.
 * @throws RATEHOUSE_BAD_DATA naming the columns that differ
 */
export async function planLakeTables(trino: Trino, { root }: Context): Promise<readonly TablePlan[]> {
  const tables = lakeTables((topic) => contract(root, topic));
  // First of all: of a schema that is not there Glue has no columns to tell, and Trino makes an error of that.
  for (const schema of new Set(tables.map((table) => table.schema)))
    await trino.execute(`CREATE SCHEMA IF NOT EXISTS "${CATALOG}"."${schema}"`, {}, `the lake's schema ${schema}`);
  const held = await heldColumns(trino, root);
  const plans = tables.map((table) => {
    const found = held.get(tableLabel(table));
    return { table, name: tableLabel(table), found, changes: tableChanges(table, found ?? []) };
  });
  const wrong = plans.flatMap(({ name, found, changes }) =>
    found === undefined ? [] : changes.wrong.map((difference) => `${name}, ${difference}`),
  );
  if (wrong.length > 0) {
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `The lake holds tables that are not what contracts/ says (found -> wanted):\n  ${wrong.join('\n  ')}\n` +
        'Nothing was changed. Only fields with a default may be added or removed; for another change use a new table.',
    );
  }
  return plans;
}

/** Makes the tables that are not there, and adds the columns that are new. */
export async function carryOutTables(
  trino: Trino,
  plans: readonly TablePlan[],
  { log }: Pick<TaskContext, 'log'>,
): Promise<void> {
  for (const { table, name, found, changes } of plans) {
    if (found === undefined) {
      await trino.execute(createTable(CATALOG, table), {}, `the lake's table ${name}`);
      log.info(`lake table ${name} created`);
      continue;
    }
    for (const column of changes.add) {
      await trino.execute(addColumn(CATALOG, table, column), {}, `column ${column.name} of the lake's table ${name}`);
      log.info(`lake table ${name}: column ${column.name} added`);
    }
  }
}

const row = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  data_type: z.string(),
  nullable: z.boolean(),
});

async function heldColumns(trino: Trino, root: string): Promise<Map<string, LakeColumn[]>> {
  const held = new Map<string, LakeColumn[]>();
  for await (const found of trino.queryFile(join(root, 'trino', 'lake', 'columns.sql'), row)) {
    const table = `${found.schema_name}.${found.table_name}`;
    const columns = held.get(table) ?? [];
    columns.push({ name: found.column_name, type: found.data_type, nullable: found.nullable });
    held.set(table, columns);
  }
  return held;
}
