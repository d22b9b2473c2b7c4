export const MINUTE_MS = 60_000;

/** Consecutive minutes of one symbol: [start, end), epoch ms, whole minutes. */
export interface MinuteStretch {
  readonly symbol: string;
  readonly start: number;
  readonly end: number;
}

/** Puts minutes together as they come; in the order of symbol and time that makes the fewest stretches. State: the stretches. */
export class StretchBuilder {
  private readonly done: MinuteStretch[] = [];
  private last: { symbol: string; start: number; end: number } | undefined;

  add(symbol: string, start: number): void {
    const { last } = this;
    if (last?.symbol === symbol && last.end === start) last.end = start + MINUTE_MS;
    else {
      this.last = { symbol, start, end: start + MINUTE_MS };
      this.done.push(this.last);
    }
  }

  build(): readonly MinuteStretch[] {
    return union(this.done);
  }
}

/** The minutes that are in any of the stretches, each once, ordered by symbol and time. O(n log n). */
export function union(...lists: readonly (readonly MinuteStretch[])[]): readonly MinuteStretch[] {
  const merged: { symbol: string; start: number; end: number }[] = [];
  const ordered = lists
    .flat()
    .sort((a, b) => (a.symbol === b.symbol ? a.start - b.start : a.symbol < b.symbol ? -1 : 1));
  for (const { symbol, start, end } of ordered) {
    const last = merged.at(-1);
    if (last?.symbol === symbol && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ symbol, start, end });
  }
  return merged;
}

/** Minutes that end at or before the horizon are planned; the others wait for a later run. No horizon: all wait. */
export function splitAt(
  stretches: readonly MinuteStretch[],
  horizon: number | undefined,
): { readonly planned: readonly MinuteStretch[]; readonly deferred: readonly MinuteStretch[] } {
  const cut = horizon === undefined ? -Infinity : Math.floor(horizon / MINUTE_MS) * MINUTE_MS;
  return {
    planned: stretches.filter((s) => s.start < cut).map((s) => ({ ...s, end: Math.min(s.end, cut) })),
    deferred: stretches.filter((s) => s.end > cut).map((s) => ({ ...s, start: Math.max(s.start, cut) })),
  };
}

export const minutesIn = (stretches: readonly MinuteStretch[]): number =>
  stretches.reduce((sum, { start, end }) => sum + (end - start) / MINUTE_MS, 0);
