/** Fails when a table that is declared over a topic, or filled from one, is not what the topic's contract says. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { z } from 'zod';
import { parseAvroRecord, type AvroRecord } from '../tasks/src/lib/avro-schema.ts';
import { lakeTables, tableLabel } from '../tasks/src/lib/lake/tables.ts';
import { declaredTables, drift, normalType, type DeclaredTable } from './table-drift.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const sqlFiles = (...folder: string[]): string[] =>
  readdirSync(join(root, ...folder)).filter((f) => f.endsWith('.sql'));

function contractOf(topic: string): AvroRecord {
  return parseAvroRecord(read('contracts', `${topic}.avsc`), `contracts/${topic}.avsc`);
}

/** Each Flink table over Kafka names its topic; one that is read may leave fields out. */
function flink(): string[] {
  return sqlFiles('flink').flatMap((file) =>
    declaredTables(read('flink', file)).flatMap((table) => {
      const topic = /'topic'\s*=\s*'([^']+)'/.exec(table.rest)?.[1];
      return topic === undefined
        ? []
        : drift(table, known(table, contractOf(topic)), 'flink').map((what) => `flink/${file}: ${what}`);
    }),
  );
}

/** The part of a contract that a table has to match: all of it where records are written. */
function known(table: DeclaredTable, contract: AvroRecord): AvroRecord {
  if (!table.rest.includes("'scan.startup.mode'")) return contract;
  return { ...contract, fields: contract.fields.filter(({ name }) => table.columns.has(name)) };
}

/** What the ClickHouse sink writes, by its own configuration, into the tables that start-stream makes. */
function clickHouse(): string[] {
  const config = z.looseObject({ 'topic.tables': z.string() }).parse(JSON.parse(read('connectors', 'config', SINK)));
  const folder = ['tasks', 'sql', 'clickhouse'];
  const tables = sqlFiles(...folder).flatMap((file) => declaredTables(read(...folder, file)));
  return config['topic.tables'].split(',').flatMap((entry) => {
    const [topic = '', name = ''] = entry.split('=').map((part) => part.trim());
    const table = tables.find((declared) => declared.name === `silver.${name}`);
    if (table === undefined) return [`${SINK} writes silver.${name}, which ${folder.join('/')} does not make`];
    return drift(table, contractOf(topic), 'clickhouse', ['topic_incarnation', 'kafka_offset']);
  });
}

const dbtModels = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.object({ name: z.string(), data_type: z.string().optional() })).default([]),
    }),
  ),
});

/** The candles of gold are those of both lanes: dbt holds its tables to the types that it declares. */
function dbt(): string[] {
  const file = ['dbt', 'models', 'marts', '_marts.yml'];
  const model = dbtModels.parse(load(read(...file))).models.find(({ name }) => name === 'candles_rows');
  if (model === undefined) return [`${file.join('/')} declares no candles_rows`];
  const columns = model.columns.map(({ name, data_type = '' }): [string, string] => [name, normalType(data_type)]);
  const table: DeclaredTable = { name: 'gold.candles_rows', columns: new Map(columns), rest: '' };
  const { fields, ...record } = contractOf('candles-1m');
  // The generation is that of a Flink job, and the identities of first and last trade are the stream's alone.
  const left = /^(generation|(first|last)_(connection_id|sequence))$/;
  const contract = { ...record, fields: fields.filter(({ name }) => !left.test(name)) };
  return drift(table, contract, 'clickhouse', ['bar_interval', 'lane', 'version', 'close_version', 'is_deleted']);
}

/** Queries that name each table of the lake, or each of bronze. */
const OVER_ALL_TABLES = ['maintenance/all_files', 'maintenance/files', 'maintenance/location', 'maintenance/snapshots'];
const OVER_BRONZE = ['checks/bronze_snapshots', 'health/committed', 'health/doubled_files', 'ledger/snapshots'];

/** The lake's tables are made from the contracts; this holds the Iceberg sink and the queries over all tables to the same list. */
function lake(): string[] {
  const config = z.record(z.string(), z.string()).parse(JSON.parse(read('connectors', 'config', LAKE_SINK)));
  const list = (name: string): string => (config[name] ?? '').split(',').sort().join(',');
  const tables = lakeTables(contractOf);
  const bronze = tables.filter(({ schema }) => schema === 'bronze');
  const topicOf = (name: string): string => name.replaceAll('_', '-');
  const wrong: string[] = [];
  const wanted = (name: string, found: string | undefined, value: string): void => {
    if (found !== value) wrong.push(`${LAKE_SINK}: ${name} is ${found ?? 'absent'}, wanted ${value}`);
  };
  wanted('iceberg.tables', list('iceberg.tables'), bronze.map(tableLabel).sort().join(','));
  wanted(
    'topics',
    list('topics'),
    bronze
      .map(({ name }) => topicOf(name))
      .sort()
      .join(','),
  );
  for (const table of bronze) {
    const route = `iceberg.table.${tableLabel(table)}.route-regex`;
    wanted(route, config[route], `^${topicOf(table.name)}$`);
  }
  for (const [files, named] of [
    [OVER_ALL_TABLES, tables],
    [OVER_BRONZE, bronze],
  ] as const)
    for (const file of files)
      for (const { schema, name } of named)
        if (!new RegExp(`lake\\.${schema}\\."?${name}\\b`).test(read('trino', `${file}.sql`)))
          wrong.push(`trino/${file}.sql passes over lake.${schema}.${name}`);
  return wrong;
}

const SINK = 'clickhouse-silver.json';
const LAKE_SINK = 'lake-bronze.json';
const found = [...flink(), ...clickHouse(), ...dbt(), ...lake()];
for (const what of found) process.stderr.write(`${what}\n`);
if (found.length > 0) process.exitCode = 1;
