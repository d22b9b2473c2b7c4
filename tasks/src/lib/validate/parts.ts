/** What ClickHouse's and the lake's times both can hold. */
const BEGINNING = new Date('1900-01-01T00:00:00Z');
const END = new Date('2299-12-31T00:00:00Z');

export interface Day {
  /** YYYY-MM-DD. */
  readonly first_day: string;
  readonly trades: number;
}

export interface Part {
  readonly from: Date;
  readonly to: Date;
}

/**
 * All of time in parts of whole days that hold `most` trades each, or one day. Nothing falls between or outside: a row on a day
 * that has no trade is looked at too.
 * @param days ordered
 */
export function partsOf(days: readonly Day[], most: number): readonly Part[] {
  const borders: Date[] = [];
  let held = 0;
  for (const { first_day, trades } of days) {
    if (held > 0 && held + trades > most) {
      borders.push(new Date(`${first_day}T00:00:00Z`));
      held = 0;
    }
    held += trades;
  }
  return [BEGINNING, ...borders].map((from, i) => ({ from, to: borders[i] ?? END }));
}
