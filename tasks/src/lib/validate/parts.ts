import { ALL_OF_TIME } from '../plan/window.ts';

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
  return [ALL_OF_TIME.start, ...borders].map((from, i) => ({ from, to: borders[i] ?? ALL_OF_TIME.end }));
}
