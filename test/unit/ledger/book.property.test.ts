import { expect } from 'chai';
import fc from 'fast-check';
import type { LedgerReport, Problem, Stage } from '../../../tasks/src/lib/ledger/report.ts';
import {
  MINUTE,
  T0,
  candlesOf,
  enter,
  event,
  finished,
  history,
  lakeOf,
  minuteOf,
  refusal,
  trade,
  type Candle,
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

const streams = fc.array(step, { minLength: 5, maxLength: 120 }).map(run);

/** The last counts of each connection: what is above them is open. */
function counted(h: History, connection: number): { sequence: number; frame: number; newest: boolean } {
  const last = h.events.findLast((e) => e.connection_id === connection);
  return {
    sequence: last?.last_sequence ?? 0,
    frame: last?.frames ?? 0,
    newest: h.events.at(-1)?.connection_id === connection,
  };
}

function newestCandle(h: History, symbol: string): number {
  return Math.max(-Infinity, ...h.candles.filter((c) => c.symbol === symbol).map((c) => c.minute));
}

function namesSequence(report: LedgerReport, connection: number, sequence: number): boolean {
  const names = (p: Problem): boolean =>
    p.connection_id === connection && p.from !== undefined && p.from <= sequence && sequence <= (p.to ?? p.from);
  return !report.balanced && report.problems.some(names);
}

function namesMinute(report: LedgerReport, symbol: string, minute: number): boolean {
  return (
    !report.balanced && report.problems.some((p) => p.symbol === symbol && p.minute === new Date(minute).toISOString())
  );
}

function stage<N extends Stage['stage']>(report: LedgerReport, name: N): Extract<Stage, { stage: N }> {
  const found = report.stages.find((s): s is Extract<Stage, { stage: N }> => s.stage === name);
  if (found === undefined) throw new Error(`the report has no stage ${name}`);
  return found;
}

/** Damages one element that `from` finds fit for it, and wants the report to name it. */
function damaged<T, H extends History = History>(
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

const remove = <T>(list: T[], element: T): void => {
  list.splice(list.indexOf(element), 1);
};

const countedTrades = (h: History) => h.trades.filter((t) => t.sequence <= counted(h, t.connection_id).sequence);
const countedRefused = (h: History) =>
  h.refused.filter((r) =>
    r.sequence === null
      ? r.frame <= counted(h, r.connection_id).frame
      : r.sequence <= counted(h, r.connection_id).sequence,
  );
const tradesInCandles = (h: History) => h.trades.filter((t) => minuteOf(t.event_time) <= newestCandle(h, t.symbol));

describe('LedgerBook, over any stream', () => {
  it('balances a correct one, and its rows add up', () => {
    fc.assert(
      fc.property(streams, (h) => {
        const report = enter(h);
        expect(report.problems).to.deep.equal([]);
        expect(report.balanced).to.equal(true);
        const [received, kafka, candles] = report.stages;
        const trades = kafka?.trades ?? NaN;
        expect(trades).to.equal(h.trades.length);
        expect((received?.trades ?? NaN) + report.open.trades_above_counts).to.equal(trades);
        expect((candles?.trades ?? NaN) + report.open.trades_in_open_minutes).to.equal(trades);
      }),
      { numRuns: 300 },
    );
  });

  it('names any counted trade that is taken away', () => {
    damaged(countedTrades, (h, t) => {
      remove(h.trades, t);
      return (report) => namesSequence(report, t.connection_id, t.sequence);
    });
  });

  it('names any trade that is doubled, counted or not', () => {
    damaged(
      (h) => h.trades,
      (h, t, seed) => {
        h.trades.splice(seed % (h.trades.length + 1), 0, { ...t });
        return (report) => namesSequence(report, t.connection_id, t.sequence);
      },
    );
  });

  it('names any counted trade whose sequence is altered', () => {
    damaged(countedTrades, (h, t, seed) => {
      const by = (seed % 7) + 1;
      h.trades[h.trades.indexOf(t)] = { ...t, sequence: t.sequence + (seed % 2 === 0 ? by : -by) };
      return (report) => namesSequence(report, t.connection_id, t.sequence);
    });
  });

  it('names any counted trade that is given to another connection', () => {
    damaged(countedTrades, (h, t) => {
      h.trades[h.trades.indexOf(t)] = { ...t, connection_id: t.connection_id + 500 };
      return (report) =>
        namesSequence(report, t.connection_id, t.sequence) &&
        report.problems.some((p) => p.kind === 'unknown_connection');
    });
  });

  it('names the minute of any trade in a candle that is taken away, doubled, or altered in symbol or minute', () => {
    damaged(tradesInCandles, (h, t, seed) => {
      const index = h.trades.indexOf(t);
      if (seed % 4 === 0) h.trades.splice(index, 1);
      else if (seed % 4 === 1) h.trades.push({ ...t });
      else if (seed % 4 === 2) h.trades[index] = { ...t, symbol: t.symbol === 'EUR' ? 'GBP' : 'EUR' };
      else h.trades[index] = { ...t, event_time: t.event_time + MINUTE };
      return (report) => namesMinute(report, t.symbol, minuteOf(t.event_time));
    });
  });

  it('names any counted refused trade or frame that is taken away', () => {
    damaged(countedRefused, (h, r) => {
      remove(h.refused, r);
      return (report) =>
        r.sequence === null
          ? report.problems.some((p) => p.kind === 'refused_frames_differ' && p.connection_id === r.connection_id)
          : namesSequence(report, r.connection_id, r.sequence);
    });
  });

  it('names any refused trade or frame that is doubled', () => {
    damaged(
      (h) => h.refused,
      (h, r) => {
        h.refused.push({ ...r });
        return (report) => namesSequence(report, r.connection_id, r.sequence ?? r.frame);
      },
    );
  });

  it('names any candle that is doubled or altered', () => {
    damaged(
      (h) => h.candles,
      (h, c, seed) => {
        if (seed % 3 === 0) h.candles.push({ ...c });
        else h.candles[h.candles.indexOf(c)] = { ...c, trades: c.trades + (seed % 3 === 1 ? 1 : -1) };
        return (report) => namesMinute(report, c.symbol, c.minute);
      },
    );
  });

  it('names any candle that is taken away, but the newest of its symbol, whose minute is open then', () => {
    damaged(
      (h) => h.candles,
      (h, c) => {
        const newest = c.minute === newestCandle(h, c.symbol);
        remove(h.candles, c);
        const open = h.trades.filter(
          (t) => t.symbol === c.symbol && minuteOf(t.event_time) > newestCandle(h, c.symbol),
        ).length;
        return (report) =>
          newest ? report.open.trades_in_open_minutes >= open : namesMinute(report, c.symbol, c.minute);
      },
    );
  });

  it('does not accept last counts that are altered in any number', () => {
    damaged(
      (h) =>
        h.events.filter(
          (e) => h.events.findLast((l) => l.connection_id === e.connection_id) === e && e.last_sequence > 0,
        ),
      (h, e, seed) => {
        const by = seed % 2 === 0 ? 1 : -1;
        const altered = [
          { trades: e.trades + by },
          { refused: e.refused + by },
          { last_sequence: e.last_sequence + by },
          { refused_frames: e.refused_frames + by },
        ][seed % 4];
        h.events[h.events.indexOf(e)] = { ...e, ...altered };
        return (report) => !report.balanced && report.problems.some((p) => p.connection_id === e.connection_id);
      },
    );
  });
});

type Whole = History & { lake: Lake };

/** The same streams with all of their trades in the lake, and all minutes that are over in the batch lane. */
const lakes = streams.map((h): Whole => ({ ...h, lake: lakeOf(h, T0 + 5 * MINUTE) }));

function damagedLake<T>(
  from: (h: Whole) => readonly T[],
  damage: (h: Whole, element: T, seed: number) => (report: LedgerReport) => boolean,
): void {
  damaged(from, damage, lakes);
}

describe('LedgerBook with a lake, over any stream', function () {
  this.timeout(20_000);

  it('balances a correct one, and its rows add up, however far bronze has got', () => {
    fc.assert(
      fc.property(lakes, fc.nat(), fc.boolean(), (h, part, ran) => {
        h.lake.trades.splice(part % (h.trades.length + 1) || h.trades.length);
        // Only minutes that bronze holds whole may be below a horizon; here all of them or none.
        h.lake.finished = ran && h.lake.trades.length === h.trades.length ? finished(T0 + 5 * MINUTE) : undefined;
        const report = enter(h);
        expect(report.problems).to.deep.equal([]);
        const { trades: bronze, in_flight } = stage(report, 'bronze');
        const { trades: candles, late = NaN } = stage(report, 'stream_candles');
        expect(bronze + in_flight).to.equal(h.trades.length);
        expect(candles + late + report.open.trades_in_open_minutes).to.equal(h.trades.length);
        const gold = stage(report, 'gold').trades;
        expect(gold + report.open.trades_in_unfinished_minutes).to.equal(bronze);
        expect(stage(report, 'batch_candles').trades).to.equal(gold);
      }),
      { numRuns: 300 },
    );
  });

  it('names any trade that bronze lost below its highest offset, counted or not', () => {
    damagedLake(
      (h) => h.lake.trades.slice(0, -1),
      (h, row) => {
        remove(h.lake.trades, row);
        return (report) =>
          namesSequence(report, row.trade.connection_id, row.trade.sequence) ||
          // Above all that bronze holds of its connection and above the counts: then its minute gives it away.
          namesMinute(report, row.trade.symbol, minuteOf(row.trade.event_time));
      },
    );
  });

  it('names any trade that bronze holds twice, in one record or in two', () => {
    damagedLake(
      (h) => h.lake.trades,
      (h, row, seed) => {
        h.lake.trades.push({ ...row, offset: seed % 2 === 0 ? row.offset : h.trades.length });
        return (report) => namesSequence(report, row.trade.connection_id, row.trade.sequence);
      },
    );
  });

  it('names the minute of any trade that is altered in symbol or minute on its way to bronze', () => {
    damagedLake(
      (h) => h.lake.trades,
      (h, row, seed) => {
        const { symbol, event_time } = row.trade;
        const altered =
          seed % 2 === 0 ? { symbol: symbol === 'EUR' ? 'GBP' : 'EUR' } : { event_time: event_time + MINUTE };
        h.lake.trades[h.lake.trades.indexOf(row)] = { ...row, trade: { ...row.trade, ...altered } };
        return (report) => namesMinute(report, symbol, minuteOf(event_time));
      },
    );
  });

  it('names any refused trade or frame that bronze lost, or holds twice', () => {
    damagedLake(
      (h) => h.lake.refused.slice(0, -1).filter((row) => countedRefused(h).includes(row.refused)),
      (h, row, seed) => {
        const { connection_id, sequence, frame } = row.refused;
        if (seed % 2 === 0) h.lake.refused.push(row);
        else remove(h.lake.refused, row);
        return (report) =>
          namesSequence(report, connection_id, sequence ?? frame) ||
          report.problems.some((p) => p.kind === 'refused_frames_differ' && p.connection_id === connection_id);
      },
    );
  });

  for (const list of ['batch', 'gold'] as const) {
    it(`names any candle of ${list} that is taken away, doubled or altered`, () => {
      damagedLake(
        (h) => h.lake[list],
        (h, c, seed) => {
          const candles = h.lake[list];
          if (seed % 4 === 0) remove(candles, c);
          else if (seed % 4 === 1) candles.push({ ...c });
          else candles[candles.indexOf(c)] = { ...c, trades: c.trades + (seed % 4 === 2 ? 1 : -1) };
          return (report) => namesMinute(report, c.symbol, c.minute);
        },
      );
    });
  }

  it('names any stream candle that is too large', () => {
    damagedLake(
      (h) => h.candles,
      (h, c) => {
        h.candles[h.candles.indexOf(c)] = { ...c, trades: c.trades + 1 };
        return (report) => namesMinute(report, c.symbol, c.minute);
      },
    );
  });

  /** Trades of a minute that came when a later minute of any symbol had begun: they may be late. */
  const behind = (h: Whole, c: Candle): number => {
    const closed = h.trades.findIndex((t) => t.event_time >= c.minute + MINUTE);
    return h.trades.filter(
      (t, i) => closed !== -1 && i > closed && t.symbol === c.symbol && minuteOf(t.event_time) === c.minute,
    ).length;
  };

  it('counts what a stream candle is too small by as late, when as many came late', () => {
    damagedLake(
      (h) => h.candles.filter((c) => c.trades > 1 && behind(h, c) > 0),
      (h, c) => {
        h.candles[h.candles.indexOf(c)] = { ...c, trades: c.trades - 1 };
        return (report) => report.balanced && stage(report, 'stream_candles').late === 1;
      },
    );
  });

  it('names any stream candle that holds fewer trades than can have been late, and one that is taken away', () => {
    damagedLake(
      // Not a symbol's newest: without it the minute would be open.
      (h) => h.candles.filter((c) => behind(h, c) < c.trades && c.minute < newestCandle(h, c.symbol)),
      (h, c, seed) => {
        const at = h.candles.indexOf(c);
        if (seed % 2 === 0) h.candles.splice(at, 1);
        else h.candles[at] = { ...c, trades: c.trades - behind(h, c) - 1 };
        return (report) => namesMinute(report, c.symbol, c.minute);
      },
    );
  });
});
