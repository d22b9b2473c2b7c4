/** Where a record stands in Kafka. */
export interface Coordinates {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export function coordinatesText(at: Coordinates): string {
  return `${at.topic}-${at.partition}@${at.offset}`;
}

/** Inclusive at both ends. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A range of sequences that are there, with the coordinates of its ends. */
export interface Run extends Range {
  readonly first: Coordinates;
  readonly last: Coordinates;
}

interface MutableRun {
  from: number;
  to: number;
  first: Coordinates;
  last: Coordinates;
}

/**
 * A set of sequences as its runs. Sequences come in order, but for what is lost, refused or repeated, so there are few runs and
 * an addition costs O(1); one out of order costs a binary search and, where it opens a new run, O(runs). Memory: O(runs).
 */
export class SequenceSet {
  private readonly list: MutableRun[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  get runs(): readonly Run[] {
    return this.list;
  }

  /** False when it was there already. */
  add(sequence: number, at: Coordinates): boolean {
    const last = this.list.at(-1);
    if (last === undefined || sequence > last.to + 1) {
      this.list.push({ from: sequence, to: sequence, first: at, last: at });
    } else if (sequence === last.to + 1) {
      last.to = sequence;
      last.last = at;
    } else if (!this.insert(sequence, at)) {
      return false;
    }
    this.count++;
    return true;
  }

  /** Adds a run above all that is there: runs come in order. O(1). */
  addRun({ from, to, first, last }: Run): void {
    const before = this.list.at(-1);
    if (from > to || from <= (before?.to ?? -Infinity))
      throw new RangeError(`the run ${from} to ${to} does not come after ${before?.to ?? 'nothing'}`);
    if (before?.to === from - 1) Object.assign(before, { to, last });
    else this.list.push({ from, to, first, last });
    this.count += to - from + 1;
  }

  private insert(sequence: number, at: Coordinates): boolean {
    const index = this.indexAtOrAfter(sequence);
    const after = this.list[index];
    if (after !== undefined && after.from <= sequence) return false;
    const before = this.list[index - 1];
    const joinsBefore = before?.to === sequence - 1;
    const joinsAfter = after?.from === sequence + 1;
    if (joinsBefore && joinsAfter) {
      before.to = after.to;
      before.last = after.last;
      this.list.splice(index, 1);
    } else if (joinsBefore) {
      before.to = sequence;
      before.last = at;
    } else if (joinsAfter) {
      after.from = sequence;
      after.first = at;
    } else {
      this.list.splice(index, 0, { from: sequence, to: sequence, first: at, last: at });
    }
    return true;
  }

  /** The first run that ends at or after the sequence. */
  private indexAtOrAfter(sequence: number): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.list[middle]?.to ?? Infinity) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The highest sequence, 0 when there is none. */
  get highest(): number {
    return this.list.at(-1)?.to ?? 0;
  }

  countUpTo(sequence: number): number {
    let sum = 0;
    for (const run of this.list) {
      if (run.from > sequence) break;
      sum += Math.min(run.to, sequence) - run.from + 1;
    }
    return sum;
  }

  /** The runs above a sequence. */
  above(sequence: number): readonly Range[] {
    return this.list.filter((r) => r.to > sequence).map((r) => ({ from: Math.max(r.from, sequence + 1), to: r.to }));
  }
}

/** What of `from` to `to` is in none of the sets. */
export function missing(from: number, to: number, ...sets: readonly SequenceSet[]): readonly Range[] {
  const runs = sets.flatMap((set) => set.runs).sort((a, b) => a.from - b.from);
  const holes: Range[] = [];
  let next = from;
  for (const run of runs) {
    if (next > to) break;
    if (run.from > next) holes.push({ from: next, to: Math.min(run.from - 1, to) });
    next = Math.max(next, run.to + 1);
  }
  if (next <= to) holes.push({ from: next, to });
  return holes;
}

/** What of the first set is in none of the others. */
export function without(set: SequenceSet, ...others: readonly SequenceSet[]): readonly Range[] {
  return common(set.runs, missing(set.runs[0]?.from ?? 1, set.highest, ...others));
}

/** What is in both sets. */
export function shared(a: SequenceSet, b: SequenceSet): readonly Range[] {
  return common(a.runs, b.runs);
}

/** What two lists of ranges have in common, each in order. O(length of both). */
function common(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  for (let i = 0, j = 0; ;) {
    const x = a[i];
    const y = b[j];
    if (x === undefined || y === undefined) return found;
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (from <= to) found.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
}

/** A range, and the coordinates of the ends of a set's runs next to it: where to look. */
export function around(
  set: SequenceSet,
  { from, to }: Range,
): { readonly from: number; readonly to: number; readonly at: readonly string[] } {
  const before = set.runs.findLast((r) => r.to < from)?.last;
  const within = set.runs.find((r) => r.to >= from)?.first;
  return { from, to, at: [before, within].filter((c) => c !== undefined).map(coordinatesText) };
}

export function rangeText({ from, to }: Range): string {
  return from === to ? String(from) : `${from} to ${to}`;
}

export function rangeSize(ranges: readonly Range[]): number {
  return ranges.reduce((sum, r) => sum + r.to - r.from + 1, 0);
}
