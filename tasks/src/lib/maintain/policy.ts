const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long what is not needed any more is left alone. All in ms but for the last two. */
export interface Policy {
  /** A snapshot stays this long after another one took its place: longer than the longest reader of one (Spark's 30 minutes). */
  readonly keepMs: number;
  /** A day is closed this long after its end and after the last file was added to it. */
  readonly settleMs: number;
  /** A metadata file that is not current any more stays this long: for who has read its name and not yet the file. */
  readonly metadataMs: number;
  /** A file that no snapshot names stays this long: a writer may be about to commit it. */
  readonly orphanMs: number;
  /** A file of a closed day that is smaller is to become part of a larger one. */
  readonly smallBytes: number;
  /** With fewer small files a day is left as it is. */
  readonly leastFiles: number;
}

export const DEFAULTS: Policy = {
  keepMs: 40 * MINUTE,
  settleMs: HOUR,
  metadataMs: 10 * MINUTE,
  orphanMs: 72 * HOUR,
  smallBytes: 64 * 1024 * 1024,
  leastFiles: 5,
};
