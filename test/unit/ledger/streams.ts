import { expect } from 'chai';
import fc from 'fast-check';
import type { LedgerReport, Problem, Stage } from '../../../tasks/src/lib/ledger/report.ts';
import {
  MINUTE,
  T0,
  candlesOf,
  enter,
  event,
  history,
  lakeOf,
  minuteOf,
  refusal,
  trade,
  type History,
  type Lake,
} from './history.ts';

interface Step {
  readonly what: 'trade' | 'refused' | 'frame' | 'counts' | 'reconnect';
  readonly symbol: string;
  readonly minute: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 12, arbitrary: fc.constant('trade' as const) },
    { weight: 3, arbitrary: fc.constantFrom('refused' as const, 'frame' as const, 'counts' as const) },
    { weight: 1, arbitrary: fc.constant('reconnect' as const) },
  ),
  symbol: fc.constantFrom('EUR', 'GBP', 'JPY'),
  minute: fc.integer({ min: 0, max: 5 }),
});

/** What a stream without faults leaves behind: one feed, its connections one after the other, some trades after the last counts. */
function run(steps: readonly Step[]): History {
  const h = history();
  const counts = { connection_id: 1000, frames: 0, trades: 0, refused: 0, refused_frames: 0 };
  const say = (closed: boolean): void => {
    h.events.push(event({ ...counts, last_sequence: counts.trades + counts.refused, closed }));
  };
  say(false);
  for (const { what, symbol, minute } of steps) {
    const sequence = counts.trades + counts.refused + 1;
    if (what === 'counts') say(false);
    else if (what === 'reconnect') {
      say(true);
      Object.assign(counts, {
        connection_id: counts.connection_id + 1000,
        frames: 0,
        trades: 0,
        refused: 0,
        refused_frames: 0,
      });
      say(false);
    } else {
      counts.frames++;
      if (what === 'trade') {
        counts.trades++;
        h.trades.push(
          trade(counts.connection_id, sequence, { symbol, event_time: T0 + minute * MINUTE + (sequence % 60) * 1000 }),
        );
      } else if (what === 'refused') {
        counts.refused++;
        h.refused.push(refusal(counts.connection_id, sequence, counts.frames));
      } else {
        counts.refused_frames++;
        h.refused.push(refusal(counts.connection_id, null, counts.frames));
      }
    }
  }
  h.candles = candlesOf(h.trades).filter((c) => c.minute < T0 + 5 * MINUTE);
  return h;
}

export const streams = fc.array(step, { minLength: 5, maxLength: 120 }).map(run);

/** The last counts of each connection: what is above them is open. */
export function counted(h: History, connection: number): { sequence: number; frame: number; newest: boolean } {
  const last = h.events.findLast((e) => e.connection_id === connection);
  return {
    sequence: last?.last_sequence ?? 0,
    frame: last?.frames ?? 0,
    newest: h.events.at(-1)?.connection_id === connection,
  };
}

export function newestCandle(h: History, symbol: string): number {
  return Math.max(-Infinity, ...h.candles.filter((c) => c.symbol === symbol).map((c) => c.minute));
}

export function namesSequence(report: LedgerReport, connection: number, sequence: number): boolean {
  const names = (p: Problem): boolean =>
    p.connection_id === connection && p.from !== undefined && p.from <= sequence && sequence <= (p.to ?? p.from);
  return !report.balanced && report.problems.some(names);
}

export function namesMinute(report: LedgerReport, symbol: string, minute: number): boolean {
  return (
    !report.balanced && report.problems.some((p) => p.symbol === symbol && p.minute === new Date(minute).toISOString())
  );
}

export function stage<N extends Stage['stage']>(report: LedgerReport, name: N): Extract<Stage, { stage: N }> {
  const found = report.stages.find((s): s is Extract<Stage, { stage: N }> => s.stage === name);
  if (found === undefined) throw new Error(`the report has no stage ${name}`);
  return found;
}

/** Damages one element that `from` finds fit for it, and wants the report to name it. */
export function damaged<T, H extends History = History>(
  from: (h: H) => readonly T[],
  damage: (h: H, element: T, seed: number) => (report: LedgerReport) => boolean,
  // Without a lake a stream is no more than a History.
  histories: fc.Arbitrary<H> = streams as unknown as fc.Arbitrary<H>,
): void {
  let runs = 0;
  fc.assert(
    fc.property(histories, fc.nat(), (h, seed) => {
      const candidates = from(h);
      const element = candidates[seed % candidates.length];
      if (element === undefined) return;
      runs++;
      const named = damage(h, element, seed);
      const report = enter(h);
      expect(named(report), JSON.stringify({ element, report })).to.equal(true);
    }),
    { numRuns: 300 },
  );
  expect(runs).to.be.greaterThan(50);
}

export const remove = <T>(list: T[], element: T): void => {
  list.splice(list.indexOf(element), 1);
};

export const countedTrades = (h: History) => h.trades.filter((t) => t.sequence <= counted(h, t.connection_id).sequence);
export const countedRefused = (h: History) =>
  h.refused.filter((r) =>
    r.sequence === null
      ? r.frame <= counted(h, r.connection_id).frame
      : r.sequence <= counted(h, r.connection_id).sequence,
  );
export const tradesInCandles = (h: History) =>
  h.trades.filter((t) => minuteOf(t.event_time) <= newestCandle(h, t.symbol));

export type Whole = History & { lake: Lake };

/** The same streams with all of their trades in the lake, and all minutes that are over in the batch lane. */
export const lakes = streams.map((h): Whole => ({ ...h, lake: lakeOf(h, T0 + 5 * MINUTE) }));

/** The same over a stream with its lake. */
export function damagedLake<T>(
  from: (h: Whole) => readonly T[],
  damage: (h: Whole, element: T, seed: number) => (report: LedgerReport) => boolean,
): void {
  damaged(from, damage, lakes);
}
