import { isUnion, typeText, type AvroField, type AvroRecord, type AvroType } from '../avro-schema.ts';
import type { TopicName } from '../contracts.ts';
import { RatehouseError } from '../error.ts';

/** A column as Trino's information_schema tells it. */
export interface LakeColumn {
  readonly name: string;
  /** For example `decimal(18,8)` or `timestamp(6) with time zone`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly doc?: string | undefined;
}

/** A table of the lake, as contracts/ and the list below want it. */
export interface LakeTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly LakeColumn[];
  /** Partitioned by the day of this column. */
  readonly day: string;
  /** Of the Iceberg table, where Trino has none of its own for it. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Where a row stood in Kafka. The ledger and plan-run tell by it what has come in; the connector's SMT adds it. */
const COORDINATES: readonly LakeColumn[] = [
  { name: 'kafka_topic', type: 'varchar', nullable: false },
  { name: 'kafka_partition', type: 'integer', nullable: false },
  { name: 'kafka_offset', type: 'bigint', nullable: false },
  { name: 'kafka_timestamp', type: 'bigint', nullable: true, doc: 'Epoch ms.' },
];

/** A MERGE of copy-on-write rewrites whole files, also when it changes nothing. */
const MERGE_ON_READ = {
  'write.delete.mode': 'merge-on-read',
  'write.merge.mode': 'merge-on-read',
  'write.update.mode': 'merge-on-read',
};

interface Origin {
  readonly schema: string;
  readonly name: string;
  readonly topic: TopicName;
  readonly day: string;
  readonly without?: readonly string[];
  readonly extra?: readonly LakeColumn[];
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * bronze: what the Iceberg sink appends, topic by topic. silver: what Spark computes from it.
 *
 * A snapshot of the sink's own is known by its summary: operation `append`, `engine-name` kafka-connect, and the keys
 * `kafka.connect.commit-id`, `kafka.connect.task-id` (lake-bronze-0) and `kafka.connect.offsets.<control topic>.connect-lake-bronze`.
 * Those offsets are the control topic's, not a source's. `kafka.connect.valid-through-ts` is there only when every partition of every
 * topic had a record in that commit, so nothing may rest on it.
 */
const ORIGINS: readonly Origin[] = [
  { schema: 'bronze', name: 'trades', topic: 'trades', day: 'event_time', extra: COORDINATES },
  { schema: 'bronze', name: 'trades_history', topic: 'trades-history', day: 'event_time', extra: COORDINATES },
  { schema: 'bronze', name: 'coverage', topic: 'coverage', day: 'covered_from', extra: COORDINATES },
  { schema: 'bronze', name: 'feed_events', topic: 'feed-events', day: 'occurred_at', extra: COORDINATES },
  { schema: 'bronze', name: 'trades_dlq', topic: 'trades-dlq', day: 'received_at', extra: COORDINATES },
  {
    schema: 'silver',
    name: 'candles_1m',
    topic: 'candles-1m',
    day: 'window_start',
    // The generation is that of a Flink job.
    without: ['generation'],
    properties: MERGE_ON_READ,
  },
];

/** `bronze.trades`: as people and the queries of trino/ name it. */
export const tableLabel = ({ schema, name }: LakeTable): string => `${schema}.${name}`;

/** The lake's tables. */
export function lakeTables(contract: (topic: TopicName) => AvroRecord): LakeTable[] {
  return ORIGINS.map(({ schema, name, topic, day, without = [], extra = [], properties = {} }) => ({
    schema,
    name,
    day,
    properties,
    columns: [
      ...contract(topic)
        .fields.filter((field) => !without.includes(field.name))
        .map(columnOf),
      ...extra,
    ],
  }));
}

/**
 * A field without a default can never leave its contract, so its column is NOT NULL. One with a default may leave, and may have come
 * after the first rows.
 */
function columnOf({ name, type, doc, default: otherwise }: AvroField): LakeColumn {
  return { name, type: columnType(name, type), nullable: otherwise !== undefined || isUnion(type), doc };
}

const SIMPLE: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  int: 'integer',
  long: 'bigint',
  float: 'real',
  double: 'double',
  string: 'varchar',
  bytes: 'varbinary',
};

function columnType(field: string, type: AvroType): string {
  if (isUnion(type)) {
    const [only, ...more] = type.filter((branch) => branch !== 'null');
    if (only !== undefined && more.length === 0) return columnType(field, only);
  } else if (typeof type === 'string') {
    const simple = SIMPLE[type];
    if (simple !== undefined) return simple;
  } else if ('items' in type) {
    return `array(${columnType(field, type.items)})`;
  } else if (type.logicalType === 'decimal') {
    return `decimal(${type.precision ?? 0},${type.scale ?? 0})`;
  } else if (type.logicalType === 'timestamp-millis') {
    // Iceberg has microseconds only.
    return 'timestamp(6) with time zone';
  } else if (type.logicalType === undefined) {
    return columnType(field, type.type);
  }
  throw new RatehouseError(
    'RATEHOUSE_CONFIG',
    `The lake has no column type for ${typeText(type)}, the type of field ${field}: teach it to tasks/src/lib/lake/tables.ts.`,
  );
}

/** The statement that makes a table. */
export function createTable(catalog: string, table: LakeTable): string {
  const properties = Object.entries(table.properties);
  const extra =
    properties.length === 0
      ? ''
      : `, extra_properties = MAP(ARRAY[${properties.map(([key]) => text(key)).join(', ')}], ARRAY[${properties.map(([, value]) => text(value)).join(', ')}])`;
  return (
    `CREATE TABLE IF NOT EXISTS ${tableName(catalog, table)} (${table.columns.map(definition).join(', ')}) ` +
    `WITH (format = 'PARQUET', format_version = 2, partitioning = ARRAY[${text(`day("${table.day}")`)}]${extra})`
  );
}

/** The statement that adds a column which came with a newer contract. */
export function addColumn(catalog: string, table: LakeTable, column: LakeColumn): string {
  return `ALTER TABLE ${tableName(catalog, table)} ADD COLUMN IF NOT EXISTS ${definition(column)}`;
}

export interface TableChanges {
  /** Columns that a newer contract brought, and that old rows may lack. */
  readonly add: readonly LakeColumn[];
  /** What no statement puts right: `name: found -> wanted`. */
  readonly wrong: readonly string[];
}

/**
 * What makes a table what it should be. A column that the contract has no longer stays, for the rows that hold it, where new ones may
 * be without it.
 */
export function tableChanges(table: LakeTable, found: readonly LakeColumn[]): TableChanges {
  const held = new Map(found.map((column) => [column.name, column]));
  const wanted = new Map(table.columns.map((column) => [column.name, column]));
  const add: LakeColumn[] = [];
  const wrong: string[] = [];
  for (const column of table.columns) {
    const there = held.get(column.name);
    if (there === undefined && column.nullable) add.push(column);
    else if (there === undefined || columnText(there) !== columnText(column))
      wrong.push(`${column.name}: ${there === undefined ? 'absent' : columnText(there)} -> ${columnText(column)}`);
  }
  for (const column of found)
    if (!wanted.has(column.name) && !column.nullable) wrong.push(`${column.name}: ${columnText(column)} -> absent`);
  return { add, wrong };
}

const columnText = ({ type, nullable }: LakeColumn): string =>
  `${type.replaceAll(', ', ',')}${nullable ? '' : ' not null'}`;

const definition = ({ name, type, nullable, doc }: LakeColumn): string =>
  `${identifier(name)} ${type}${nullable ? '' : ' NOT NULL'}${doc === undefined ? '' : ` COMMENT ${text(doc)}`}`;

export const tableName = (catalog: string, { schema, name }: LakeTable): string =>
  [catalog, schema, name].map(identifier).join('.');

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
