import { RatehouseError } from '../error.ts';
import type { Plan } from '../plan/plan.ts';

/** What spark-sql/<name>.sql changes, and the values of its named parameters for a plan. */
export interface SparkJob {
  /** The table with its catalog, as Spark names it. */
  readonly target: string;
  readonly parameters: (minutes: PlannedMinutes) => Readonly<Record<string, string>>;
}

export const sparkJobs: Readonly<Record<string, SparkJob>> = {
  candles_1m: {
    target: 'lake.silver.candles_1m',
    parameters: ({ stretches, start, end }) => ({
      minutes: JSON.stringify(stretches),
      planned_start: start,
      planned_end: end,
    }),
  },
};

export interface PlannedMinutes {
  readonly stretches: Plan['minutes'];
  readonly count: number;
  /** The least start and the greatest end: what Iceberg prunes files by. */
  readonly start: string;
  readonly end: string;
}

const MINUTE_MS = 60_000;

/** Undefined when the plan has no minute. A stretch that is not whole minutes is no plan's: its trades would be missed in part. */
export function plannedMinutes({ minutes }: Pick<Plan, 'minutes'>): PlannedMinutes | undefined {
  let count = 0;
  let [least, greatest] = [Infinity, -Infinity];
  for (const { symbol, start, end } of minutes) {
    const [from, to] = [Date.parse(start), Date.parse(end)];
    const length = (to - from) / MINUTE_MS;
    if (!(length > 0) || !Number.isInteger(length) || from % MINUTE_MS !== 0) {
      throw new RatehouseError(
        'RATEHOUSE_BAD_DATA',
        `The plan has ${start} to ${end} of ${symbol}; wanted whole minutes, the end after the start.`,
      );
    }
    count += length;
    least = Math.min(least, from);
    greatest = Math.max(greatest, to);
  }
  if (count === 0) return undefined;
  return {
    stretches: minutes,
    count,
    start: new Date(least).toISOString(),
    end: new Date(greatest).toISOString(),
  };
}
