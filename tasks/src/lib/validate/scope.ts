import { fromStretch, type Plan } from '../plan/plan.ts';
import { MINUTE_MS } from '../plan/stretches.ts';

/** What a run answers for, as parameters of the checks. Offsets are JSON, the last one of each partition. */
export interface Scope {
  readonly run_id: string;
  /** Run whose deferred minutes wait as well; the run's own where there is none. */
  readonly base_run_id: string;
  /** What the run had seen of bronze: trades above touch their minutes anew. */
  readonly seen: string;
  /** What was computed by this run or an earlier one, so that lake and gold must agree on it. */
  readonly settled: string;
  /** The same of topic coverage. */
  readonly coverage_seen: string;
  readonly coverage_settled: string;
  /** Where the minutes end that were to be computed of what is settled: the first minute above the horizon begins here. */
  readonly settled_horizon: Date;
  /**
   * A minute before the horizon. A window that a trade received up to then has closed was closed before anything came that the lake
   * does not hold: the stream shows its watermark within moments.
   */
  readonly received_until: Date;
  /** From the run's first minute to the end of its last. */
  readonly start: Date;
  readonly end: Date;
}

/**
 * A run over snapshots starts where the last validated one ended, so all that it has seen is settled. A run over a window leaves
 * to the next one what has come since the last validated run over snapshots (`base`), outside its own minutes.
 */
export function scopeOf(plan: Plan, base: Plan | undefined): Scope {
  const minutes = plan.minutes.map(fromStretch);
  const window = plan.kind === 'window';
  return {
    run_id: plan.run_id,
    base_run_id: window && base !== undefined ? base.run_id : plan.run_id,
    seen: JSON.stringify(plan.offsets),
    settled: JSON.stringify(window ? (base?.offsets ?? {}) : plan.offsets),
    coverage_seen: JSON.stringify(plan.coverage),
    coverage_settled: JSON.stringify(window ? (base?.coverage ?? {}) : plan.coverage),
    settled_horizon: minuteOf(window ? base?.horizon : plan.horizon),
    received_until: new Date(Date.parse(plan.horizon) - MINUTE_MS),
    start: new Date(minutes.reduce((first, { start }) => Math.min(first, start), Infinity)),
    end: new Date(minutes.reduce((last, { end }) => Math.max(last, end), -Infinity)),
  };
}

/** The beginning of time where there is no horizon. */
const minuteOf = (horizon: string | undefined): Date =>
  new Date(horizon === undefined ? 0 : Math.floor(Date.parse(horizon) / MINUTE_MS) * MINUTE_MS);
