import { isUnion, typeText, type AvroRecord, type AvroType } from '../tasks/src/lib/avro-schema.ts';

/** The dialects in which tables over a topic are declared. */
export type Dialect = 'flink' | 'clickhouse';

/** A table as its CREATE statement declares it. Types are in upper case, with single spaces. */
export interface DeclaredTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, string>;
  /** What follows the list of columns, up to the statement's end. */
  readonly rest: string;
}

/**
 * The tables that a file of SQL creates, views not counted. Knows names, types in parentheses and angle brackets, quotes and comments,
 * and passes over computed columns, constraints and watermarks.
 */
export function declaredTables(sql: string): DeclaredTable[] {
  const text = sql.replace(/--[^\n]*/g, '');
  const tables: DeclaredTable[] = [];
  for (const match of text.matchAll(/CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w.`]+)\s*\(/gi)) {
    const from = match.index + match[0].length;
    const to = closing(text, from);
    const columns = split(text.slice(from, to))
      .map((part) => /^\s*`?(\w+)`?\s+(.+)$/s.exec(part))
      .flatMap((found): [string, string][] => {
        const [, name = '', type = ''] = found ?? [];
        const computed = /^(WATERMARK|PRIMARY|CONSTRAINT|INDEX)$/i.test(name) || /\b(MATERIALIZED|ALIAS)\b/i.test(type);
        return found === null || computed ? [] : [[name, normalType(type)]];
      });
    const end = text.indexOf(';', to);
    tables.push({
      name: (match[1] ?? '').replaceAll('`', ''),
      columns: new Map(columns),
      rest: text.slice(to + 1, end === -1 ? undefined : end),
    });
  }
  return tables;
}

/** What a declared table has otherwise than the contract of its topic; empty when nothing. `extra`: columns that are no field. */
export function drift(
  table: DeclaredTable,
  contract: AvroRecord,
  dialect: Dialect,
  extra: readonly string[] = [],
): string[] {
  const found = [...table.columns].filter(([name]) => !extra.includes(name));
  const wrong: string[] = [];
  for (const { name, type } of contract.fields) {
    const declared = table.columns.get(name);
    const wanted = TYPES[dialect](type).map(normalType);
    if (declared === undefined) wrong.push(`${table.name} has no column ${name}, which is ${typeText(type)}`);
    else if (!wanted.includes(declared))
      wrong.push(`${table.name}.${name} is ${declared}; the contract's ${typeText(type)} wants ${wanted.join(' or ')}`);
  }
  for (const [name] of found) {
    if (!contract.fields.some((field) => field.name === name))
      wrong.push(`${table.name} has a column ${name}, which is no field of ${contract.name}`);
  }
  return wrong;
}

const FLINK: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  int: 'INT',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'STRING',
};

/** A whole number of the contract that is never negative may be unsigned in ClickHouse. */
const CLICKHOUSE: Readonly<Record<string, readonly string[]>> = {
  boolean: ['Bool'],
  int: ['Int32', 'UInt32'],
  long: ['Int64', 'UInt64'],
  float: ['Float32'],
  double: ['Float64'],
  string: ['String', 'LowCardinality(String)'],
};

/** The column types that hold a contract's type exactly. */
const TYPES: Readonly<Record<Dialect, (type: AvroType) => readonly string[]>> = {
  flink(type) {
    const { nullable, of } = withoutNull(type);
    const name = flinkName(of);
    return [nullable ? name : `${name} NOT NULL`];
  },
  clickhouse(type) {
    const { nullable, of } = withoutNull(type);
    return clickHouseNames(of).map((name) => (nullable ? `Nullable(${name})` : name));
  },
};

function flinkName(type: AvroType): string {
  const unknown = `no Flink type is known for ${typeText(type)}`;
  if (typeof type === 'string') return FLINK[type] ?? unknown;
  if (isUnion(type)) return unknown;
  if ('items' in type) return `ARRAY<${TYPES.flink(type.items).join('')}>`;
  if (type.logicalType === 'decimal') return `DECIMAL(${type.precision ?? 0}, ${type.scale ?? 0})`;
  return type.logicalType === 'timestamp-millis' ? 'TIMESTAMP(3)' : (FLINK[type.type] ?? unknown);
}

function clickHouseNames(type: AvroType): readonly string[] {
  const unknown = [`no ClickHouse type is known for ${typeText(type)}`];
  if (typeof type === 'string') return CLICKHOUSE[type] ?? unknown;
  if (isUnion(type)) return unknown;
  if ('items' in type) return TYPES.clickhouse(type.items).map((item) => `Array(${item})`);
  if (type.logicalType === 'decimal') return [`Decimal(${type.precision ?? 0}, ${type.scale ?? 0})`];
  return type.logicalType === 'timestamp-millis' ? ['DateTime64(3)'] : (CLICKHOUSE[type.type] ?? unknown);
}

function withoutNull(type: AvroType): { nullable: boolean; of: AvroType } {
  if (!isUnion(type)) return { nullable: false, of: type };
  const [of = 'null', ...more] = type.filter((branch) => branch !== 'null');
  return { nullable: type.includes('null'), of: more.length === 0 ? of : type };
}

/** A type as it is compared: upper case, and spaces after commas alone. */
export function normalType(type: string): string {
  return type
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\s*([(<>)])\s*/g, '$1')
    .replace(/([)>])(?=\w)/g, '$1 ')
    .replace(/\s*,\s*/g, ', ')
    .toUpperCase();
}

/** Where the parenthesis closes that was opened before `from`. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i;
  }
  return text.length;
}

/** At the commas that stand in no bracket. */
function split(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < list.length; i++) {
    const character = list.charAt(i);
    if ('(<'.includes(character)) depth++;
    if (')>'.includes(character)) depth--;
    if (character === ',' && depth === 0) {
      parts.push(list.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, list.slice(from)];
}
