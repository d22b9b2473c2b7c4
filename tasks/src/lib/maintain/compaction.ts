import type { Policy } from './policy.ts';

const DAY_MS = 86_400_000;

/** A file of the table's present state. */
export interface TableFile {
  /** Undefined when the storage's list, made just before, did not hold it: it is new. Epoch ms. */
  readonly modified: number | undefined;
  /** Rows, or which rows of other files are gone. */
  readonly content: 'rows' | 'deletes';
  readonly bytes: number;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
}

/** A day whose files are to become few. */
export type DayToCompact = Readonly<{ day: string; files: number; bytes: number }>;

/**
 * The closed days that have many small files, or deletes to be applied; oldest first. A day is closed by what is seen, so a late trade opens it
 * again and it is compacted once more when enough of them have come.
 * @param now epoch ms
 */
export function daysToCompact(
  files: readonly TableFile[],
  { settleMs, smallBytes, leastFiles }: Policy,
  now: number,
): readonly DayToCompact[] {
  const days = new Map<string, TableFile[]>();
  for (const file of files) {
    const list = days.get(file.day);
    if (list === undefined) days.set(file.day, [file]);
    else list.push(file);
  }
  return [...days]
    .filter(([day, list]) => {
      const newest = list.reduce((latest, { modified }) => Math.max(latest, modified ?? now), endOf(day));
      return newest + settleMs <= now;
    })
    .map(([day, list]) => ({
      day,
      deletes: list.filter(({ content }) => content === 'deletes').length,
      small: list.filter(({ content, bytes }) => content === 'rows' && bytes < smallBytes),
    }))
    .filter(({ small, deletes }) => small.length >= leastFiles || (deletes > 0 && small.length > 0))
    .map(({ day, small, deletes }) => ({
      day,
      files: small.length + deletes,
      bytes: small.reduce((sum, { bytes }) => sum + bytes, 0),
    }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

const endOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) + DAY_MS;

/** [start, end) of a day, as Trino's literals. */
export function edgesOf(day: string): { readonly start: string; readonly end: string } {
  const text = (time: number): string => `${new Date(time).toISOString().slice(0, 10)} 00:00:00 UTC`;
  return { start: text(endOf(day) - DAY_MS), end: text(endOf(day)) };
}

/** Manifests that a table may have beyond one for each day before they are made few: the sink merges its own at a hundred. */
const SPARE_MANIFESTS = 30;

/** Whether the manifests are so many that they are worth being rewritten, one for each day. */
export function tooManyManifests(manifests: number, days: number): boolean {
  return manifests > 2 * days + SPARE_MANIFESTS;
}
