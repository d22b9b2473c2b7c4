import { Option } from 'commander';
import { z } from 'zod';
import { readCatalog } from './lib/catalog/settings.ts';
import { lakeStorage } from './lib/catalog/storage.ts';
import { ClickHouse } from './lib/clickhouse.ts';
import type { Json, TaskCommand, TaskContext } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { contract } from './lib/contracts.ts';
import { RatehouseError } from './lib/error.ts';
import { TopicReader, kafkaClient } from './lib/kafka.ts';
import { lakeTables, tableLabel, type LakeTable } from './lib/lake/tables.ts';
import { newerPlans } from './lib/ledger/read-plans.ts';
import { announced } from './lib/maintain/announced.ts';
import { neededSince, type PlannedRun } from './lib/maintain/expiry.ts';
import { DEFAULTS, type Policy } from './lib/maintain/policy.ts';
import { Catalog } from './lib/maintain/read.ts';
import { steps, type Done, type StepName, type Tools } from './lib/maintain/steps.ts';
import { Storage } from './lib/maintain/storage.ts';
import { countKinds, type StoredFile } from './lib/maintain/stored.ts';
import { lastValidated } from './lib/plan/plan.ts';
import { Trino } from './lib/trino.ts';

const SETTINGS = [
  'RATEHOUSE_KAFKA_BROKERS',
  'RATEHOUSE_CLICKHOUSE_URL',
  'RATEHOUSE_CLICKHOUSE_USER',
  'RATEHOUSE_CLICKHOUSE_PASSWORD',
  'RATEHOUSE_TRINO_URL',
] as const;
type Config = ReturnType<typeof readConfig<(typeof SETTINGS)[number]>>;

const STEPS = Object.keys(steps) as StepName[];
const MINUTE_MS = 60_000;
/** Clocks of broker and storage may differ by less. */
const CLOCKS_MS = 10 * MINUTE_MS;

const minutes = z.coerce.number().nonnegative();
const given = z.object({
  steps: z.string(),
  keep: minutes,
  settle: minutes,
  metadataAge: minutes,
  orphanAge: minutes,
  dryRun: z.boolean().default(false),
});

/** Keeps the lake fast and small beside its writers, and changes no row. Run again it finds nothing to do, and skips. */
export const maintainLake: TaskCommand = {
  name: 'maintain-lake',
  summary: 'compact closed days, expire snapshots, and remove the files that nobody needs any more',
  declare(command) {
    const ms = (value: number): string => String(value / MINUTE_MS);
    command
      .addOption(new Option('--steps <list>', `which steps, of ${STEPS.join(',')}`).default(STEPS.join(',')))
      .option('--keep <minutes>', 'a snapshot stays this long after the next one', ms(DEFAULTS.keepMs))
      .option('--settle <minutes>', 'a day closes this long after its end and its last file', ms(DEFAULTS.settleMs))
      .option(
        '--metadata-age <minutes>',
        'a metadata file that is not current stays this long',
        ms(DEFAULTS.metadataMs),
      )
      .option('--orphan-age <minutes>', 'a file that no snapshot names stays this long', ms(DEFAULTS.orphanMs))
      .option('--dry-run', 'tell what would be done, and do nothing');
  },
  async run(options, context) {
    const { dryRun, steps: list, ...ages } = parse(options);
    const names = stepsOf(list);
    const lake = readCatalog(context.env);
    if (lake.catalog.kind === 's3tables' && lake.catalog.aws) {
      const reason = 'AWS S3 Tables compacts, expires and removes by itself, and lets nobody list its files.';
      context.log.info(reason);
      return { result: { dry_run: dryRun, tables: [], reason }, skip: true };
    }
    const policy: Policy = {
      ...DEFAULTS,
      keepMs: ages.keep * MINUTE_MS,
      settleMs: ages.settle * MINUTE_MS,
      metadataMs: ages.metadataAge * MINUTE_MS,
      orphanMs: ages.orphanAge * MINUTE_MS,
    };
    const config = readConfig(context.env, SETTINGS);
    const trino = new Trino(config, context.signal);
    const catalog = new Catalog(trino, context.root);
    const tables = lakeTables((topic) => contract(context.root, topic));
    const tools: Tools = {
      trino,
      catalog,
      storage: new Storage(lakeStorage(lake), context.signal),
      policy,
      dryRun,
      needed: names.includes('expire') ? await readNeeded(config, catalog, tables, context) : undefined,
      announced: (files) => askSink(files, config, context),
      context,
    };
    const results: TableResult[] = [];
    for (const table of tables) results.push(await maintain(table, names, tools));
    return { result: { dry_run: dryRun, tables: results }, skip: results.every(({ idle }) => idle) };
  },
};

function parse(options: Readonly<Record<string, unknown>>): z.output<typeof given> {
  const parsed = given.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new RatehouseError('RATEHOUSE_USAGE', `Ages are minutes, from 0. ${z.prettifyError(parsed.error)}`);
}

function stepsOf(list: string): readonly StepName[] {
  const asked = list.split(',');
  const unknown = asked.filter((name) => !STEPS.some((step) => step === name));
  if (unknown.length === 0) return STEPS.filter((step) => asked.includes(step));
  throw new RatehouseError(
    'RATEHOUSE_USAGE',
    `There is no step ${unknown.join(', ')}. --steps takes any of ${STEPS.join(',')}, separated by commas.`,
  );
}

type TableResult = { readonly table: string; readonly idle: boolean } & Readonly<Record<string, Json>>;

async function maintain(table: LakeTable, names: readonly StepName[], tools: Tools): Promise<TableResult> {
  const { catalog, storage, context } = tools;
  const location = await catalog.location(table);
  const before = countKinds(location, await storage.list(location));
  const done: Partial<Done> = {};
  for (const name of names) Object.assign(done, await steps[name](table, location, tools));
  const idle = !didSomething(done);
  const after = idle || tools.dryRun ? before : countKinds(location, await storage.list(location));
  context.log.info(
    `lake.${tableLabel(table)} ${idle ? 'needs nothing' : tools.dryRun ? 'was looked at' : 'was maintained'}`,
    {
      files_before: total(before).files,
      files_after: total(after).files,
      bytes_before: total(before).bytes,
      bytes_after: total(after).bytes,
    },
  );
  return { table: tableLabel(table), idle, ...done, before, after };
}

function didSomething(done: Partial<Done>): boolean {
  return (
    (done.compacted_days ?? []).length > 0 ||
    done.rewrote_manifests === true ||
    (done.expired_snapshots ?? 0) > 0 ||
    (done.removed_metadata?.files ?? 0) > 0 ||
    (done.removed_orphans?.files ?? 0) > 0
  );
}

const total = (counts: ReturnType<typeof countKinds>): { files: number; bytes: number } => ({
  files: Object.values(counts).reduce((sum, { files }) => sum + files, 0),
  bytes: Object.values(counts).reduce((sum, { bytes }) => sum + bytes, 0),
});

/** Since when the lake's history is needed by runs of gold that are not validated yet. */
async function readNeeded(
  config: Config,
  catalog: Catalog,
  tables: readonly LakeTable[],
  { root, log, signal }: TaskContext,
): Promise<number | undefined> {
  const clickhouse = new ClickHouse(config, signal);
  try {
    const last = await lastValidated(clickhouse, root);
    const newer = await newerPlans(clickhouse, root, last ?? { sequence: 0 });
    const runs: PlannedRun[] = [
      ...(last === undefined ? [] : [last]),
      ...newer.flatMap(({ plan, validated }) => (validated ? [] : [plan])),
    ];
    const trades = tables.find((table) => tableLabel(table) === 'bronze.trades');
    const { since, lost } = neededSince(runs, trades === undefined ? [] : await catalog.snapshots(trades));
    if (lost.length > 0)
      log.warn('Snapshots that runs of gold were planned over are not there any more', { runs: lost });
    if (since !== undefined) log.info('History is kept for runs of gold', { since: new Date(since).toISOString() });
    return since;
  } finally {
    await clickhouse.close();
  }
}

async function askSink(
  files: readonly StoredFile[],
  config: Config,
  { log, signal }: TaskContext,
): Promise<ReadonlySet<string>> {
  const since = files.reduce((least, { modified }) => Math.min(least, modified), Infinity) - CLOCKS_MS;
  const reader = await TopicReader.connect(config.RATEHOUSE_KAFKA_BROKERS, log, signal);
  try {
    const keys = files.map(({ key }) => key);
    return await announced(kafkaClient(config.RATEHOUSE_KAFKA_BROKERS, log), reader, keys, since);
  } finally {
    await reader.close();
  }
}
