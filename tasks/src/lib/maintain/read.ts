import { join } from 'node:path';
import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import { tableLabel, type LakeTable } from '../lake/tables.ts';
import type { Trino } from '../trino.ts';
import type { Snapshot } from './expiry.ts';
import type { LoggedMetadata } from './removal.ts';
import type { TableFile } from './compaction.ts';
import { keyOf, parseLocation, type Location, type StoredFile } from './stored.ts';

const snapshotRow = z.object({ snapshot_id: z.string(), committed_at: z.int(), manifest_list: z.string() });
const fileRow = z.object({ file_path: z.string(), content: z.int(), bytes: z.int(), partition_day: z.iso.date() });

/** What the catalog says of the lake's tables, through Trino. */
export class Catalog {
  /** By how much Trino's clock is ahead of this one, ms. */
  private ahead: number | undefined;

  constructor(
    private readonly trino: Trino,
    private readonly root: string,
  ) {}

  async location(table: LakeTable): Promise<Location> {
    const [row] = await this.rows('location', table, z.object({ location: z.string() }));
    const location = parseLocation(row?.location ?? '');
    if (location !== undefined) return location;
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `Wanted the location of lake.${tableLabel(table)} in S3 (s3://bucket/path), found ${row?.location ?? 'none'}.`,
    );
  }

  snapshots(table: LakeTable): Promise<readonly (Snapshot & { readonly manifest_list: string })[]> {
    return this.rows('snapshots', table, snapshotRow);
  }

  /** @param stored the storage's list, made before */
  async files(
    table: LakeTable,
    location: Location,
    stored: readonly StoredFile[],
  ): Promise<readonly (TableFile & { readonly key: string })[]> {
    const times = new Map(stored.map(({ key, modified }) => [key, modified]));
    return (await this.rows('files', table, fileRow)).map(({ file_path, content, bytes, partition_day }) => {
      const key = keyWithin(location, file_path);
      return { key, modified: times.get(key), content: content === 0 ? 'rows' : 'deletes', bytes, day: partition_day };
    });
  }

  async manifests(table: LakeTable): Promise<number> {
    const [row] = await this.rows('manifests', table, z.object({ manifests: z.int() }));
    return row?.manifests ?? 0;
  }

  /** The keys of all that any snapshot of a table names: its files, its manifests, and their lists. */
  async named(table: LakeTable, location: Location): Promise<ReadonlySet<string>> {
    const manifests = await this.rows('all_manifests', table, z.object({ path: z.string() }));
    const files = await this.rows('all_files', table, z.object({ file_path: z.string() }));
    // Last: a snapshot that came since is there with its list, and its files are too young to go.
    const snapshots = await this.snapshots(table);
    const addresses = [
      ...manifests.map(({ path }) => path),
      ...files.map(({ file_path }) => file_path),
      ...snapshots.map(({ manifest_list }) => manifest_list),
    ];
    return new Set(addresses.map((address) => keyWithin(location, address)));
  }

  async metadataLog(table: LakeTable, location: Location): Promise<readonly LoggedMetadata[]> {
    const rows = await this.rows('metadata_log', table, z.object({ file: z.string(), logged_at: z.int() }));
    return rows.map(({ file, logged_at }) => ({ key: keyWithin(location, file), logged_at }));
  }

  /**
   * The time by Trino's clock, epoch ms, or by as much later as it took to ask for it once. What is to be expired is told as an age, so
   * that is on the side of keeping.
   */
  async now(): Promise<number> {
    this.ahead ??= await this.readAhead();
    return Date.now() + this.ahead;
  }

  private async readAhead(): Promise<number> {
    const asked = Date.now();
    const file = join(this.root, 'trino', 'maintenance', 'clock.sql');
    for await (const { now } of this.trino.queryFile(file, z.object({ now: z.int() }))) return now - asked;
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `${file} gave no row.`);
  }

  private async rows<T>(name: string, table: LakeTable, row: z.ZodType<T>): Promise<T[]> {
    const found: T[] = [];
    const file = join(this.root, 'trino', 'maintenance', `${name}.sql`);
    for await (const one of this.trino.queryFile(file, row, { wanted: tableLabel(table) })) found.push(one);
    return found;
  }
}

/** The catalog names files by their addresses. One that lies elsewhere is not told from what nobody needs, so nothing goes on. */
function keyWithin(location: Location, address: string): string {
  const key = keyOf(location, address);
  if (key?.startsWith(location.prefix) === true) return key;
  throw new RatehouseError(
    'RATEHOUSE_BAD_DATA',
    `The table at s3://${location.bucket}/${location.prefix} names ${address}, which is not below it. Such a table is not maintained.`,
  );
}
