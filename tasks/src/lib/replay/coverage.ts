interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Which of the trades that fall due one after the other reached somebody. Several listeners may each be at a place of
 * their own; below `settled`, the place all of them are past, each trade is counted as sent or lost for good.
 */
export class Coverage {
  #settled: number;
  #ranges: readonly Range[] = [];
  #sent = 0;
  #lost = 0;

  constructor(settled: number) {
    this.#settled = settled;
  }

  get settled(): number {
    return this.#settled;
  }

  /** Trades below `settled` that went to at least one listener. */
  get sent(): number {
    return this.#sent;
  }

  /** Trades below `settled` that went to none. */
  get lost(): number {
    return this.#lost;
  }

  /** Trades at `settled` or above that went to somebody already. */
  get ahead(): number {
    return this.#ranges.reduce((sum, range) => sum + range.to - range.from, 0);
  }

  add(from: number, to: number): void {
    const merged = { from: Math.max(from, this.#settled), to };
    const apart: Range[] = [];
    for (const range of this.#ranges) {
      if (range.to < merged.from || range.from > merged.to) apart.push(range);
      else {
        merged.from = Math.min(merged.from, range.from);
        merged.to = Math.max(merged.to, range.to);
      }
    }
    if (merged.from < merged.to) apart.push(merged);
    this.#ranges = apart;
  }

  /** No listener will be sent anything below `floor` any more. */
  settle(floor: number): void {
    if (floor <= this.#settled) return;
    const sent = this.#ranges.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, floor) - from), 0);
    this.#sent += sent;
    this.#lost += floor - this.#settled - sent;
    this.#ranges = this.#ranges
      .filter(({ to }) => to > floor)
      .map(({ from, to }) => ({ from: Math.max(from, floor), to }));
    this.#settled = floor;
  }
}
