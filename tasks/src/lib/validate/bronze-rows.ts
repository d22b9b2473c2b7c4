import { identifier, tableLabel, tableName, type LakeColumn, type LakeTable } from '../lake/tables.ts';

const CATALOG = 'lake';

/** The names of a table's columns as they were at a snapshot, :snapshot, one a row; a last row has none. */
export const columnsAt = (table: LakeTable): string =>
  `SHOW STATS FOR (SELECT * FROM ${tableName(CATALOG, table)} FOR VERSION AS OF :snapshot)`;

/** Columns of a table that its snapshots have. */
export interface Versions {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

/**
 * The rows of a table that differ between two of its snapshots, :before and :after: `change` is how many of the row were added, below
 * 0 removed; `changed_row` is the row as JSON. A column that came after a snapshot is null in all of its rows, as in the present table.
 *
 * Made from the contracts, as the tables are: no column of a newer contract can be forgotten here.
 */
export function changedRows(table: LakeTable, { before, after }: Versions): string {
  const { columns } = table;
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  const version = (name: 'before' | 'after', held: ReadonlySet<string>): string =>
    `SELECT '${name}' AS "version of row", ${columns.map((column) => valueAt(column, held)).join(', ')} ` +
    `FROM ${tableName(CATALOG, table)} FOR VERSION AS OF :${name}`;
  return (
    `WITH versions AS (${version('before', before)} UNION ALL ${version('after', after)}), ` +
    `changes AS (SELECT ${names}, count_if("version of row" = 'after') - count_if("version of row" = 'before') AS "change of row" ` +
    `FROM versions GROUP BY ${names}) ` +
    `SELECT "change of row" AS change, json_format(CAST(CAST(ROW(${columns.map(readable).join(', ')}) AS ROW(${columns.map(readableType).join(', ')})) AS JSON)) ` +
    'AS changed_row FROM changes WHERE "change of row" != 0'
  );
}

/** What is said of the table in errors. */
export const whatChanged = (table: LakeTable): string => `the changed rows of ${CATALOG}.${tableLabel(table)}`;

function valueAt({ name, type }: LakeColumn, held: ReadonlySet<string>): string {
  const quoted = identifier(name);
  return held.has(name) ? quoted : `CAST(NULL AS ${type}) AS ${quoted}`;
}

const isTime = ({ type }: LakeColumn): boolean => type.startsWith('timestamp');

/** JSON has no times: their text. */
const readable = (column: LakeColumn): string =>
  isTime(column) ? `to_iso8601(${identifier(column.name)})` : identifier(column.name);

const readableType = (column: LakeColumn): string =>
  `${identifier(column.name)} ${isTime(column) ? 'varchar' : column.type}`;
