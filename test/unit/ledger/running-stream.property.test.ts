import { expect } from 'chai';
import fc from 'fast-check';
import { MINUTE, T0, enter, event, history, refusal, trade, type Candle, type History } from './history.ts';

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

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });

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
