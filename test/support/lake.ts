import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { z } from 'zod';
import { readCatalog } from '../../tasks/src/lib/catalog/settings.ts';
import { lakeStorage } from '../../tasks/src/lib/catalog/storage.ts';
import { readConfig } from '../../tasks/src/lib/config.ts';
import { contract } from '../../tasks/src/lib/contracts.ts';
import { lakeTables, tableLabel, type LakeTable } from '../../tasks/src/lib/lake/tables.ts';
import { Catalog } from '../../tasks/src/lib/maintain/read.ts';
import { Storage } from '../../tasks/src/lib/maintain/storage.ts';
import type { Location, StoredFile } from '../../tasks/src/lib/maintain/stored.ts';
import { ConnectClient } from '../../tasks/src/lib/stream/connect.ts';
import { Trino } from '../../tasks/src/lib/trino.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import type { TestStack } from './test-stack.ts';

const trades = z.object({ trades: z.int(), digest: z.string(), last_offset: z.int() });
export type LakeTrades = z.output<typeof trades>;

const count = z.object({ files: z.int(), bytes: z.int() });
const counts = z.object({ data: count, manifests: count, metadata: count, other: count });
const maintained = z.object({
  tables: z.array(
    z.object({
      table: z.string(),
      idle: z.boolean(),
      compacted_days: z.array(z.object({ day: z.string(), files: z.int() })).default([]),
      expired_snapshots: z.int().default(0),
      removed_metadata: count.default({ files: 0, bytes: 0 }),
      removed_orphans: count.default({ files: 0, bytes: 0 }),
      before: counts,
      after: counts,
    }),
  ),
});
export type Maintained = z.output<typeof maintained>['tables'][number];

/** The lake of a test's stack, seen past the tasks: through Trino, and in the storage. */
export class TestLake {
  readonly catalog: Catalog;
  private readonly storage: Storage;
  private readonly trino: Trino;

  constructor(
    private readonly test: TestStack,
    readonly table: LakeTable = tableOf(test, 'bronze.trades'),
  ) {
    this.trino = new Trino(readConfig(test.taskEnv, ['RATEHOUSE_TRINO_URL']));
    this.catalog = new Catalog(this.trino, test.stack.root);
    this.storage = new Storage(lakeStorage(readCatalog(test.taskEnv)), new AbortController().signal);
  }

  /** Trades up to an offset, by default all. */
  async trades(last = Number.MAX_SAFE_INTEGER): Promise<LakeTrades> {
    const file = join(this.test.stack.root, 'test', 'support', 'sql', 'lake_trades.sql');
    for await (const row of this.trino.queryFile(file, trades, { last })) return row;
    throw new Error(`${file} gave no row`);
  }

  location(): Promise<Location> {
    return this.catalog.location(this.table);
  }

  async stored(): Promise<readonly StoredFile[]> {
    return this.storage.list(await this.location());
  }

  /** How many files of rows each day has, of those that the table names now. */
  async filesByDay(): Promise<Map<string, number>> {
    const days = new Map<string, number>();
    for (const { day } of await this.catalog.files(this.table, await this.location(), []))
      days.set(day, (days.get(day) ?? 0) + 1);
    return days;
  }

  /** Puts a file there that no writer of the lake made. */
  async put(key: string): Promise<void> {
    const { endpoint, region, keys } = lakeStorage(readCatalog(this.test.taskEnv));
    const { accessKeyId, secretAccessKey } = await keys();
    const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' });
    const { bucket } = await this.location();
    const address = `${endpoint}/${bucket}/${key}`;
    const { status } = await client.fetch(address, { method: 'PUT', body: 'nothing' });
    if (status !== 200) throw new Error(`PUT of ${key} answered ${status}`);
  }
}

function tableOf(test: TestStack, name: string): LakeTable {
  const found = lakeTables((topic) => contract(test.stack.root, topic)).find((table) => tableLabel(table) === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

/** Runs maintain-lake; `skipped` when it found nothing to do. Ages are minutes. */
export async function maintain(
  test: TestStack,
  ...flags: readonly string[]
): Promise<{ skipped: boolean; tables: Map<string, Maintained> }> {
  const { code, result, errors } = await test.task('maintain-lake', ...flags);
  if (code !== 0 && code !== 99) throw new Error(`maintain-lake ended with code ${code}: ${errors.join(' ')}`);
  const { tables } = maintained.parse(result);
  return { skipped: code === 99, tables: new Map(tables.map((table) => [table.table, table])) };
}

/** Has the lake's sink commit each second, for as many snapshots in a minute as there are in ten. */
export async function commitEachSecond(test: TestStack): Promise<void> {
  const connect = new ConnectClient(test.stack.url('connect'), new AbortController().signal);
  const config = await connect.config('lake-bronze');
  await waitFor(() => connect.put('lake-bronze', { ...config, 'iceberg.control.commit.interval-ms': '1000' }), {
    what: 'Kafka Connect to take connector lake-bronze',
    timeoutMs: 60_000,
  });
}
