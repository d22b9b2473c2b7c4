import { expect } from 'chai';
import fc from 'fast-check';
import {
  MINUTE,
  T0,
  candlesOf,
  enter,
  event,
  finished,
  history,
  minuteOf,
  refusal,
  trade,
  type Candle,
  type History,
} from './history.ts';

type Poll = Pick<History, 'events' | 'trades' | 'refused'>;

interface Step {
  readonly trades: number;
  readonly refused: boolean;
  readonly frame: boolean;
  readonly counts: boolean;
  readonly reconnect: boolean;
  readonly seconds: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  trades: fc.nat({ max: 4 }),
  refused: fc.boolean(),
  frame: fc.boolean(),
  counts: fc.boolean(),
  reconnect: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  seconds: fc.nat({ max: 40 }),
});

/** A stream as the transactions that it writes, one for each poll; time goes forward, so no trade is late. */
function polls(steps: readonly Step[]): readonly Poll[] {
  const counts = { connection_id: 0, frames: 0, trades: 0, refused: 0, refused_frames: 0 };
  let now = T0;
  return steps.map(({ trades, refused, frame, counts: counted, reconnect, seconds }, i) => {
    const poll: Poll = { events: [], trades: [], refused: [] };
    const sequence = (): number => counts.trades + counts.refused;
    const say = (closed = false): void => {
      poll.events.push(event({ ...counts, last_sequence: sequence(), closed }));
    };
    if (reconnect || i === 0) {
      if (i > 0) say(true);
      Object.assign(counts, {
        connection_id: counts.connection_id + 1000,
        frames: 0,
        trades: 0,
        refused: 0,
        refused_frames: 0,
      });
      say();
    }
    now += seconds * 1000;
    for (let n = 0; n < trades; n++) {
      counts.frames++;
      counts.trades++;
      poll.trades.push(
        trade(counts.connection_id, sequence(), { event_time: now, symbol: n % 2 === 0 ? 'EUR' : 'GBP' }),
      );
    }
    if (refused) {
      counts.frames++;
      counts.refused++;
      poll.refused.push(refusal(counts.connection_id, sequence(), counts.frames));
    }
    if (frame) {
      counts.frames++;
      counts.refused_frames++;
      poll.refused.push(refusal(counts.connection_id, null, counts.frames));
    }
    if (counted) say();
    return poll;
  });
}

/** The candles of all minutes that are over by the newest trade. */
function candles(written: readonly Poll[]): Candle[] {
  const trades = written.flatMap((p) => p.trades);
  const newest = Math.floor((trades.at(-1)?.event_time ?? 0) / MINUTE) * MINUTE;
  const found = new Map<string, Candle>();
  for (const t of trades) {
    const minute = Math.floor(t.event_time / MINUTE) * MINUTE;
    const key = `${t.symbol} ${minute}`;
    if (minute < newest) found.set(key, { symbol: t.symbol, minute, trades: (found.get(key)?.trades ?? 0) + 1 });
  }
  return [...found.values()];
}

/** Doubles would be next to 0 mostly. */
const fraction = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const cuts = fc.array(fraction, { minLength: 5, maxLength: 5 });

describe('The ledger of a stream that goes on', () => {
  it('raises no false alarm wherever the stages are cut, in the order in which they are read', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), cuts, (steps, fractions) => {
        const written = polls(steps);
        const [events = 0, candle = 0, a = 0, b = 0, tail = 0] = fractions
          .map((f) => Math.round(f * written.length))
          .sort((x, y) => x - y);
        // trades and trades-dlq have ends of their own.
        const [trades, refused] = steps.length % 2 === 0 ? [a, b] : [b, a];
        const report = enter(
          history({
            events: written.slice(0, events).flatMap((p) => p.events),
            candles: candles(written.slice(0, candle)),
            trades: written.slice(0, trades).flatMap((p) => p.trades),
            refused: written.slice(0, refused).flatMap((p) => p.refused),
            laterEvents: written.slice(events, tail).flatMap((p) => p.events),
          }),
        );
        expect(report.problems).to.deep.equal([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('would raise one if candles were read after the trades', () => {
    const written = polls(
      Array.from({ length: 20 }, () => ({
        trades: 2,
        refused: false,
        frame: false,
        counts: true,
        reconnect: false,
        seconds: 10,
      })),
    );
    const all = written.flatMap((p) => p.events);
    const trades = written.slice(0, 5).flatMap((p) => p.trades);
    const report = enter(history({ events: all.slice(0, 5), trades, candles: candles(written) }));
    expect(report.problems.map((p) => p.kind)).to.include('candle_above');
  });
});

interface Late extends Step {
  /** By how many minutes the poll's trades are late. */
  readonly late: number;
  /** Whether a run that is at work has written the candles of this poll's minutes, to the lake and to gold. */
  readonly batch: boolean;
  readonly gold: boolean;
}

const lateStep: fc.Arbitrary<Late> = fc
  .tuple(step, fc.integer({ min: 0, max: 4 }), fc.boolean(), fc.boolean())
  .map(([s, late, batch, gold]) => ({ ...s, late: Math.max(late - 1, 0), batch, gold }));

const tradesOf = (written: readonly Poll[]) => written.flatMap((p) => p.trades);

/**
 * The stream's candles: a trade that comes after the newest of its symbol has passed the end of its minute is in none. Minutes that are
 * not over by their symbol's trades have been shown by the clock, as they were after the first `shown` polls.
 */
function streamCandles(written: readonly Poll[], shown: number): Candle[] {
  const newest = new Map<string, number>();
  const newestOf = (symbol: string): number => newest.get(symbol) ?? -Infinity;
  const inTime = (polls: readonly Poll[]) =>
    tradesOf(polls).filter((t) => {
      const late = minuteOf(t.event_time) + MINUTE <= newestOf(t.symbol);
      newest.set(t.symbol, Math.max(newestOf(t.symbol), t.event_time));
      return !late;
    });
  const early = candlesOf(inTime(written.slice(0, shown)));
  newest.clear();
  const all = candlesOf(inTime(written));
  const isFinal = ({ symbol, minute }: Candle): boolean => minute + MINUTE <= newestOf(symbol);
  return [...all.filter(isFinal), ...early.filter((c) => !isFinal(c))];
}

/** The stream of `polls`, some of its trades late. */
function latePolls(steps: readonly Late[]): readonly Poll[] {
  return polls(steps).map((poll, i) => ({
    ...poll,
    trades: poll.trades.map((t) => ({ ...t, event_time: t.event_time - (steps[i]?.late ?? 0) * MINUTE })),
  }));
}

/** The time of the last record: up to it all is there. */
function horizonOf(steps: readonly Late[], count: number): number {
  return T0 + steps.slice(0, count).reduce((sum, s) => sum + s.seconds * 1000, 0);
}

/** What the batch lane holds when a run over the first `seen` polls is finished, and one over the first `planned` is at work. */
function lanes(steps: readonly Late[], written: readonly Poll[], seen: number, planned: number) {
  const upTo = (count: number, horizon: number) =>
    candlesOf(tradesOf(written.slice(0, count))).filter((c) => c.minute + MINUTE <= horizon);
  const batch = new Map(upTo(seen, horizonOf(steps, seen)).map((c) => [`${c.symbol} ${c.minute}`, c]));
  const gold = new Map(batch);
  const next = new Map(upTo(planned, horizonOf(steps, planned)).map((c) => [`${c.symbol} ${c.minute}`, c]));
  for (const [i, poll] of written.entries()) {
    for (const t of poll.trades) {
      const key = `${t.symbol} ${minuteOf(t.event_time)}`;
      const candle = next.get(key);
      const known = batch.has(key) && i < seen;
      if (candle === undefined || known || i >= planned) continue;
      if (steps[i]?.batch === true) batch.set(key, candle);
      if (steps[i]?.batch === true && steps[i].gold) gold.set(key, candle);
    }
  }
  return { batch: [...batch.values()], gold: [...gold.values()] };
}

/** Late enough for the first run to have finished minutes. */
const lakeCuts = fc.array(
  fraction.map((f) => 0.3 + 0.7 * f),
  { minLength: 9, maxLength: 9 },
);

describe('The ledger of a stream with a lake that goes on', () => {
  function reportOf(steps: readonly Late[], fractions: readonly number[], reversed: boolean) {
    const written = latePolls(steps);
    const ordered = fractions.map((f) => Math.round(f * written.length)).sort((x, y) => x - y);
    const [seen = 0, events = 0, planned = 0, candle = 0, a = 0, b = 0, c = 0, d = 0, tail = 0] = ordered;
    // Two tables, and two topics, each with an end of its own.
    const [bronze, bronzeRefused] = steps.length % 2 === 0 ? [a, b] : [b, a];
    const [trades, refused] = steps.length % 3 === 0 ? [c, d] : [d, c];
    const count = (list: readonly Poll[]) => tradesOf(list).length;
    // Reversed: the batch lane is read when bronze has long been, and everything has been computed meanwhile.
    const made = reversed ? written.length : planned;
    const report = enter({
      running: true,
      ...history({
        events: written.slice(0, events).flatMap((p) => p.events),
        candles: streamCandles(written.slice(0, candle), Math.round(candle * (fractions[0] ?? 0))),
        trades: tradesOf(written.slice(0, trades)),
        refused: written.slice(0, refused).flatMap((p) => p.refused),
        laterEvents: written.slice(events, tail).flatMap((p) => p.events),
      }),
      lake: {
        trades: tradesOf(written.slice(0, bronze)).map((t, offset) => ({ trade: t, offset })),
        refused: written
          .slice(0, bronzeRefused)
          .flatMap((p) => p.refused)
          .map((r, offset) => ({ refused: r, offset })),
        counts: [],
        ...lanes(steps, written, seen, made),
        seen: count(written.slice(0, seen)) - 1,
        finished: finished(horizonOf(steps, seen)),
      },
    });
    return { report, trades: count(written.slice(0, trades)) };
  }

  it('raises no false alarm wherever the stages are cut and whatever a run at work has written, with late trades', () => {
    let lateTrades = 0;
    let judged = 0;
    fc.assert(
      fc.property(fc.array(lateStep, { minLength: 1, maxLength: 80 }), lakeCuts, (steps, fractions) => {
        const { report, trades } = reportOf(steps, fractions, false);
        expect(report.problems).to.deep.equal([]);
        const stream = report.stages.find((s) => s.stage === 'stream_candles');
        const gold = report.stages.find((s) => s.stage === 'gold');
        expect((stream?.trades ?? NaN) + (stream?.late ?? NaN) + report.open.trades_in_open_minutes).to.equal(trades);
        lateTrades += stream?.late ?? 0;
        judged += gold?.candles ?? 0;
      }),
      { numRuns: 300 },
    );
    expect(lateTrades).to.be.greaterThan(100);
    expect(judged).to.be.greaterThan(100);
  }).timeout(20_000);

  it('would raise one if the batch lane were read after bronze', () => {
    const steps = Array.from({ length: 30 }, (_, i) => ({
      trades: 2,
      refused: false,
      frame: false,
      counts: true,
      reconnect: false,
      seconds: 20,
      late: i === 20 ? 4 : 0,
      batch: true,
      gold: true,
    }));
    const cut = Array.from({ length: 9 }, () => 0.5);
    expect(reportOf(steps, cut, true).report.problems.map((p) => p.kind)).to.include('candle_above');
    expect(reportOf(steps, cut, false).report.problems).to.deep.equal([]);
  });
});
