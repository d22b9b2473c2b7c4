import { union, type MinuteStretch } from '../plan/stretches.ts';

/** A set of symbol-minutes, for looking up. Lookup: O(log stretches of the symbol). */
export class MinuteSet {
  private readonly symbols = new Map<string, MinuteStretch[]>();

  constructor(stretches: readonly MinuteStretch[]) {
    for (const stretch of union(stretches)) {
      const before = this.symbols.get(stretch.symbol);
      if (before === undefined) this.symbols.set(stretch.symbol, [stretch]);
      else before.push(stretch);
    }
  }

  has(symbol: string, minute: number): boolean {
    const stretches = this.symbols.get(symbol) ?? [];
    let low = 0;
    let high = stretches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((stretches[middle]?.end ?? Infinity) <= minute) low = middle + 1;
      else high = middle;
    }
    return (stretches[low]?.start ?? Infinity) <= minute;
  }
}
