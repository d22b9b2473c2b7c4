/**
 * Rows that wait to be inserted, and when. No I/O: told the time. As the sink does it: an insert has so many rows at most, and
 * follows the one before at once when it is full, after the linger when it is not.
 */
export class Rows<T> {
  private rows: T[] = [];
  private last = 0;
  private sendableAt = 0;

  constructor(
    private readonly most: number,
    private readonly lingerMs: number,
  ) {}

  /** `next` is the offset after the rows, from which the group goes on when they are acknowledged. */
  add(rows: readonly T[], next: number): void {
    for (const row of rows) this.rows.push(row);
    this.last = next;
  }

  get full(): boolean {
    return this.rows.length >= this.most;
  }

  /** All that waits, if it is time; then nothing waits. */
  take(nowMs: number): { readonly rows: readonly T[]; readonly next: number } | undefined {
    if (this.rows.length === 0 || (!this.full && nowMs < this.sendableAt)) return undefined;
    this.sendableAt = nowMs + this.lingerMs;
    const { rows } = this;
    this.rows = [];
    return { rows, next: this.last };
  }
}
