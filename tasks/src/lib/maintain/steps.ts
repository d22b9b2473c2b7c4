import type { TaskContext } from '../command.ts';
import { tableLabel, type LakeTable } from '../lake/tables.ts';
import type { Trino } from '../trino.ts';
import { daysToCompact, tooManyManifests, type DayToCompact } from './compaction.ts';
import { replanned } from './conflict.ts';
import { expiryOf } from './expiry.ts';
import type { Policy } from './policy.ts';
import type { Catalog } from './read.ts';
import { oldMetadata, orphans } from './removal.ts';
import { expireSnapshots, optimizeDay, optimizeManifests } from './statements.ts';
import type { Storage } from './storage.ts';
import { countFiles, type Count, type Location, type StoredFile } from './stored.ts';

/** Removed at a time: a storage has its limits, and a signal is to be obeyed soon. */
const AT_A_TIME = 8;

export interface Tools {
  readonly trino: Pick<Trino, 'execute'>;
  readonly catalog: Pick<Catalog, 'location' | 'snapshots' | 'files' | 'manifests' | 'named' | 'metadataLog' | 'now'>;
  readonly storage: Pick<Storage, 'list' | 'remove'>;
  readonly policy: Policy;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Epoch ms: the history since then is needed. */
  readonly needed: number | undefined;
  /** Which of these files a writer has announced, and may still commit. */
  readonly announced: (files: readonly StoredFile[]) => Promise<ReadonlySet<string>>;
  readonly context: Pick<TaskContext, 'log' | 'signal'>;
}

/** What a step did, or with --dry-run would do. */
export interface Done {
  readonly compacted_days: readonly DayToCompact[];
  readonly rewrote_manifests: boolean;
  readonly expired_snapshots: number;
  readonly removed_metadata: Count;
  readonly removed_orphans: Count;
}

export type Step = (table: LakeTable, location: Location, tools: Tools) => Promise<Partial<Done>>;

/** By name, in the order in which they are done: each leaves work for those after it. */
export const steps = { compact, manifests, expire, metadata, orphans: removeOrphans } satisfies Record<string, Step>;
export type StepName = keyof typeof steps;

/** The small files of closed days become few. */
async function compact(table: LakeTable, location: Location, tools: Tools): Promise<Partial<Done>> {
  const done = new Map<string, DayToCompact>();
  await replanned(
    `the compaction of ${tableLabel(table)}`,
    async () => {
      const stored = await tools.storage.list(location);
      const files = await tools.catalog.files(table, location, stored);
      for (const day of daysToCompact(files, tools.policy, await tools.catalog.now())) {
        if (!tools.dryRun)
          await tools.trino.execute(
            optimizeDay(table, day.day, tools.policy.smallBytes),
            {},
            `the compaction of ${day.day} in ${tableLabel(table)}`,
          );
        tools.context.log.info(`${tableLabel(table)}: ${day.day} ${tools.dryRun ? 'is to be' : 'was'} compacted`, {
          files: day.files,
          bytes: day.bytes,
        });
        done.set(day.day, day);
      }
    },
    tools.context,
  );
  return { compacted_days: [...done.values()] };
}

/** One manifest for each day, so that a query over some days opens few of them. */
function manifests(table: LakeTable, location: Location, tools: Tools): Promise<Partial<Done>> {
  return replanned(
    `the manifests of ${tableLabel(table)}`,
    async () => {
      const days = new Set((await tools.catalog.files(table, location, [])).map(({ day }) => day));
      if (!tooManyManifests(await tools.catalog.manifests(table), days.size)) return { rewrote_manifests: false };
      if (!tools.dryRun)
        await tools.trino.execute(optimizeManifests(table), {}, `the manifests of ${tableLabel(table)}`);
      return { rewrote_manifests: true };
    },
    tools.context,
  );
}

/** Old snapshots go, and with them the files that only they named. */
function expire(table: LakeTable, _location: Location, tools: Tools): Promise<Partial<Done>> {
  return replanned(
    `the expiry of snapshots of ${tableLabel(table)}`,
    async () => {
      const snapshots = await tools.catalog.snapshots(table);
      const now = await tools.catalog.now();
      const expiry = expiryOf(snapshots, tools.policy, now, tools.needed);
      if (expiry === undefined) return { expired_snapshots: 0 };
      if (!tools.dryRun)
        await tools.trino.execute(
          expireSnapshots(table, now - expiry.before),
          {},
          `the expiry of snapshots of ${tableLabel(table)}`,
        );
      return { expired_snapshots: expiry.snapshots };
    },
    tools.context,
  );
}

/** What the catalog wrote at each commit and left behind. */
async function metadata(table: LakeTable, location: Location, tools: Tools): Promise<Partial<Done>> {
  const stored = await tools.storage.list(location);
  const log = await tools.catalog.metadataLog(table, location);
  const old = oldMetadata(location, stored, log, tools.policy, await tools.catalog.now());
  await remove(location, old, tools);
  return { removed_metadata: countFiles(old) };
}

/** What a writer that died, or whose commit was refused, left behind. */
async function removeOrphans(table: LakeTable, location: Location, tools: Tools): Promise<Partial<Done>> {
  const stored = await tools.storage.list(location);
  const now = await tools.catalog.now();
  const inUse = new Set((await tools.catalog.files(table, location, stored)).map(({ key }) => key));
  let found = orphans(location, stored, inUse, tools.policy, now);
  if (found.length > 0) found = orphans(location, found, await tools.catalog.named(table, location), tools.policy, now);
  if (found.length > 0) {
    const waiting = await tools.announced(found);
    if (waiting.size > 0)
      tools.context.log.warn(
        `${tableLabel(table)}: ${waiting.size} files that no snapshot names stay, for the Iceberg sink has announced them and may commit them`,
        { files: [...waiting].slice(0, 5) },
      );
    found = found.filter(({ key }) => !waiting.has(key));
  }
  await remove(location, found, tools);
  return { removed_orphans: countFiles(found) };
}

async function remove(location: Location, files: readonly StoredFile[], tools: Tools): Promise<void> {
  if (tools.dryRun) return;
  for (let i = 0; i < files.length; i += AT_A_TIME) {
    tools.context.signal.throwIfAborted();
    await Promise.all(files.slice(i, i + AT_A_TIME).map(({ key }) => tools.storage.remove(location, key)));
  }
}
