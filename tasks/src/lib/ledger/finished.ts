import { fromStretch, type Plan } from '../plan/plan.ts';
import { MINUTE_MS } from './minute-book.ts';
import { MinuteSet } from './minute-set.ts';

/**
 * The minutes that finished runs of gold answer for: those up to the horizon of the last one, but for the minutes that it left to
 * its successor and those that a run in progress has in its hands.
 */
export class Finished {
  private readonly horizon: number;
  private readonly open: MinuteSet;

  constructor(last: Pick<Plan, 'horizon' | 'deferred'>, inProgress: readonly Pick<Plan, 'minutes'>[]) {
    this.horizon = Date.parse(last.horizon);
    this.open = new MinuteSet([...last.deferred, ...inProgress.flatMap((plan) => plan.minutes)].map(fromStretch));
  }

  has(symbol: string, minute: number): boolean {
    return minute + MINUTE_MS <= this.horizon && !this.open.has(symbol, minute);
  }
}
