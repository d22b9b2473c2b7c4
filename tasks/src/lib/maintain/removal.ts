import type { Policy } from './policy.ts';
import { kindOf, type Location, type StoredFile } from './stored.ts';

/** A metadata file that the table remembers. */
export interface LoggedMetadata {
  readonly key: string;
  /** Epoch ms. */
  readonly logged_at: number;
}

/** By so much a commit's time may be before that of the one it follows: Iceberg allows a minute for clocks that differ. */
const CLOCKS_MS = 120_000;

/**
 * The metadata files that are not current any more, and have not been for a while. Each commit writes one, with all snapshots in it;
 * nobody reads the old ones.
 * @param stored the storage's list, made before the log was read: the current file is in the log, whoever commits meanwhile
 * @param now epoch ms
 */
export function oldMetadata(
  location: Location,
  stored: readonly StoredFile[],
  log: readonly LoggedMetadata[],
  { metadataMs }: Pick<Policy, 'metadataMs'>,
  now: number,
): readonly StoredFile[] {
  if (log.length === 0) return [];
  // The current one is the last that was logged, and may be so by a clock that is behind.
  const newest = log.reduce((latest, { logged_at }) => Math.max(latest, logged_at), -Infinity);
  const kept = new Set(log.filter(({ logged_at }) => logged_at >= newest - CLOCKS_MS).map(({ key }) => key));
  return stored.filter(
    ({ key, modified }) => kindOf(location, key) === 'metadata' && !kept.has(key) && modified + metadataMs <= now,
  );
}

/**
 * Data files and manifests that no snapshot names, and that are older than any writer's commit may be late.
 * @param stored the storage's list, made before `named` was read: what was committed meanwhile is named
 * @param named keys
 * @param now epoch ms
 */
export function orphans(
  location: Location,
  stored: readonly StoredFile[],
  named: ReadonlySet<string>,
  { orphanMs }: Pick<Policy, 'orphanMs'>,
  now: number,
): readonly StoredFile[] {
  return stored.filter(
    ({ key, modified }) =>
      ['data', 'manifests'].includes(kindOf(location, key)) && !named.has(key) && modified + orphanMs <= now,
  );
}
