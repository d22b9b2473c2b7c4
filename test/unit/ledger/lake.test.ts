import { expect } from 'chai';
import type { LakeCounts } from '../../../tasks/src/lib/ledger/bronze-book.ts';
import { Finished } from '../../../tasks/src/lib/ledger/finished.ts';
import type { LedgerReport, Stage } from '../../../tasks/src/lib/ledger/report.ts';
import {
  MINUTE,
  T0,
  enter,
  event,
  finished,
  history,
  kinds,
  lakeOf,
  refusal,
  trade,
  type History,
  type Lake,
} from './history.ts';

const NOON = '2026-01-05T12:00:00.000Z';

/** Six trades of one connection, two in each of three minutes, all of them in every stage. */
function stream(change: (h: History & { lake: Lake }) => void = () => undefined): History & { lake: Lake } {
  const trades = [1, 2, 3, 4, 5, 6].map((s) => trade(1000, s, { event_time: T0 + Math.floor((s - 1) / 2) * MINUTE }));
  const h = history({ events: [event({ connection_id: 1000, trades: 6 })], trades });
  h.candles = [0, 1, 2].map((i) => ({ symbol: 'EUR', minute: T0 + i * MINUTE, trades: 2 }));
  const whole = { ...h, lake: lakeOf(h, T0 + 3 * MINUTE) };
  change(whole);
  return whole;
}

function stage<N extends Stage['stage']>(report: LedgerReport, name: N): Extract<Stage, { stage: N }> | undefined {
  return report.stages.find((s): s is Extract<Stage, { stage: N }> => s.stage === name);
}

const counts = (given: Partial<LakeCounts> & Pick<LakeCounts, 'connection_id'>): LakeCounts => {
  const { trades = 0, refused = 0 } = given;
  const last_sequence = trades + refused;
  return {
    feed: 'a',
    frames: last_sequence,
    trades,
    refused,
    refused_frames: 0,
    last_sequence,
    closed: true,
    ...given,
  };
};

describe('LedgerBook with a lake', () => {
  it('balances a stream that is whole in every stage, row by row', () => {
    const report = enter(stream());
    expect(report.problems).to.deep.equal([]);
    expect(report.stages).to.deep.equal([
      { stage: 'received', trades: 6, refused: 0, refused_frames: 0, connections: 1 },
      { stage: 'kafka', trades: 6, refused: 0, refused_frames: 0 },
      { stage: 'bronze', trades: 6, refused: 0, refused_frames: 0, in_flight: 0 },
      { stage: 'stream_candles', trades: 6, candles: 3, late: 0 },
      { stage: 'batch_candles', trades: 6, candles: 3 },
      { stage: 'gold', trades: 6, candles: 3 },
    ]);
  });

  it('has the stages of the speed lane alone where there is no lake', () => {
    expect(enter(history()).stages.map((s) => s.stage)).to.deep.equal(['received', 'kafka', 'stream_candles']);
  });

  describe('bronze', () => {
    it('names a trade that bronze lost, with the records around it, and its minute', () => {
      const report = enter(stream((h) => h.lake.trades.splice(2, 1)));
      expect(report.problems[0]).to.deep.include({
        stage: 'bronze',
        kind: 'missing',
        connection_id: 1000,
        from: 3,
        to: 3,
        at: ['trades-0@1', 'trades-0@3'],
      });
      const minute = report.problems.find((p) => p.kind === 'minute_differs');
      expect(minute).to.deep.include({ symbol: 'EUR', minute: '2026-01-05T12:01:00.000Z', expected: 2, found: 1 });
    });

    it('names a trade that bronze holds twice, and the Kafka record that was written twice', () => {
      const report = enter(
        stream((h) => h.lake.trades.push({ trade: trade(1000, 4, { event_time: T0 + MINUTE }), offset: 3 })),
      );
      expect(kinds(report)).to.include.members(['doubled', 'coordinates_doubled', 'minute_differs', 'candle_below']);
      const doubled = report.problems.find((p) => p.kind === 'doubled');
      expect(doubled).to.deep.include({ stage: 'bronze', from: 4, to: 4, at: ['trades-0@3'] });
    });

    it('does not let a doubled trade stand in for a lost one', () => {
      const report = enter(
        stream((h) => {
          h.lake.trades[2] = { trade: trade(1000, 4, { event_time: T0 + MINUTE }), offset: 3 };
        }),
      );
      expect(kinds(report)).to.include.members(['missing', 'doubled']);
    });

    it('takes what Kafka holds above it for in flight', () => {
      const report = enter(stream((h) => h.lake.trades.splice(4)));
      expect(stage(report, 'bronze')).to.deep.include({ trades: 4, in_flight: 2 });
      expect(report.problems.filter((p) => p.stage === 'bronze')).to.deep.equal([]);
    });

    it('takes everything for in flight as long as it is empty', () => {
      const report = enter(
        stream((h) => {
          h.refused.push(refusal(1000, null, 1));
          h.events = [event({ connection_id: 1000, trades: 6, refused_frames: 1 })];
          Object.assign(h.lake, { ...lakeOf(history()), finished: undefined });
        }),
      );
      expect(report.problems).to.deep.equal([]);
      expect(stage(report, 'bronze')).to.deep.include({ trades: 0, in_flight: 6 });
      expect(report.open.refused_in_flight).to.equal(1);
    });

    it('wants each sequence among the trades or the refused ones, wherever they have got to', () => {
      const h = history({
        events: [event({ connection_id: 1000, trades: 2, refused: 2 })],
        trades: [trade(1000, 1), trade(1000, 3)],
        refused: [refusal(1000, 2), refusal(1000, 4)],
      });
      const whole = { ...h, lake: { ...lakeOf(h), finished: undefined } };
      expect(enter(whole).problems).to.deep.equal([]);
      expect(
        enter({ ...whole, lake: { ...whole.lake, refused: whole.lake.refused.slice(0, 1) } }).problems,
      ).to.deep.equal([]);
      const lost = enter({ ...whole, lake: { ...whole.lake, refused: whole.lake.refused.slice(1) } });
      expect(kinds(lost)).to.have.members(['missing', 'refused_differ']);
    });

    it('names a refused frame that bronze lost', () => {
      const h = history({
        events: [event({ connection_id: 1000, frames: 3, refused_frames: 2 })],
        refused: [refusal(1000, null, 1), refusal(1000, null, 3)],
      });
      const report = enter({ ...h, lake: { ...lakeOf(h), refused: lakeOf(h).refused.slice(1) } });
      expect(report.problems[0]).to.deep.include({
        stage: 'bronze',
        kind: 'refused_frames_differ',
        expected: 2,
        found: 1,
      });
    });

    it('names what is in bronze and in no topic', () => {
      const report = enter(stream((h) => h.lake.trades.push({ trade: trade(1000, 7), offset: 6 })));
      expect(report.problems[0]).to.deep.include({ stage: 'bronze', kind: 'not_in_kafka', from: 7, to: 7 });
    });

    it('does not forgive trades of a connection that no event speaks of', () => {
      const report = enter(stream((h) => h.lake.trades.push({ trade: trade(9000, 1), offset: 6 })));
      expect(kinds(report)).to.include('unknown_connection');
    });

    it('names a trade that changed its minute on the way', () => {
      const report = enter(
        stream((h) => {
          h.lake.trades[5] = { trade: trade(1000, 6, { event_time: T0 }), offset: 5 };
        }),
      );
      expect(report.problems.filter((p) => p.stage === 'bronze').map((p) => [p.kind, p.minute])).to.deep.equal([
        ['minute_differs', NOON],
        ['minute_differs', '2026-01-05T12:02:00.000Z'],
      ]);
    });

    describe('when retention has taken all of Kafka', () => {
      const none = new Set<number>();
      const gone = { events: new Set([0]), trades: new Set([0]), refused: none };
      const remembered = (change: (h: History & { lake: Lake }) => void = () => undefined): History =>
        stream((h) => {
          Object.assign(h, { trades: [], events: [] });
          h.lake.counts.push(counts({ connection_id: 1000, trades: 6 }));
          change(h);
        });

      it('still balances, by the counts that the lake holds', () => {
        const report = enter(remembered(), gone);
        expect(report.problems).to.deep.equal([]);
        expect(report.stages[0]).to.deep.include({ trades: 6, connections: 1 });
        expect(stage(report, 'stream_candles')).to.deep.include({ trades: 6, late: 0 });
      });

      it('still names a lost trade, also the last one', () => {
        for (const lost of [0, 3, 5]) {
          const report = enter(
            remembered((h) => h.lake.trades.splice(lost, 1)),
            gone,
          );
          expect(report.problems[0]).to.deep.include({ kind: 'missing', from: lost + 1, to: lost + 1 });
        }
      });
    });
  });

  describe('stream candles', () => {
    /** The trades of this minute come last of all. */
    const behind = (h: History & { lake: Lake }, minute: number): void => {
      const last = h.lake.trades.filter(({ trade: t }) => t.event_time === minute);
      for (const row of last)
        h.lake.trades[h.lake.trades.indexOf(row)] = { ...row, offset: row.offset + h.trades.length };
      h.lake.seen = 2 * h.trades.length;
      h.trades = [];
      h.events = [];
      h.lake.counts.push(counts({ connection_id: 1000, trades: 6 }));
    };
    const gone = { events: new Set([0]), trades: new Set([0]), refused: new Set<number>() };

    it('does not call a late trade a failure, and counts it', () => {
      const report = enter(
        stream((h) => {
          behind(h, T0);
          h.candles[0] = { symbol: 'EUR', minute: T0, trades: 1 };
        }),
        gone,
      );
      expect(report.problems).to.deep.equal([]);
      expect(stage(report, 'stream_candles')).to.deep.include({ trades: 5, late: 1 });
    });

    it('takes all trades of a minute that was passed over for late, when they came behind a later minute', () => {
      const report = enter(
        stream((h) => {
          behind(h, T0 + MINUTE);
          h.candles.splice(1, 1);
        }),
        gone,
      );
      expect(report.problems).to.deep.equal([]);
      expect(stage(report, 'stream_candles')).to.deep.include({ trades: 4, candles: 2, late: 2 });
    });

    it('names a candle that holds less than came in time, and one that is not there', () => {
      const report = enter(
        stream((h) => {
          h.candles.splice(1, 1);
          h.candles[0] = { symbol: 'EUR', minute: T0, trades: 1 };
        }),
      );
      expect(report.problems.map((p) => [p.stage, p.kind, p.minute])).to.deep.equal([
        ['stream_candles', 'candle_below', NOON],
        ['stream_candles', 'candle_missing', '2026-01-05T12:01:00.000Z'],
      ]);
      expect(report.problems[0]?.message).to.include('holds 1 trades, bronze 2');
    });

    it('takes what the newest two of a symbol lack for open while trades of it come in, and for lost once it is silent', () => {
      const short = (h: History): void => {
        h.candles[1] = { symbol: 'EUR', minute: T0 + MINUTE, trades: 1 };
      };
      const running = enter({ ...stream(short), running: true });
      expect(running.problems).to.deep.equal([]);
      expect(running.open).to.deep.include({ trades_in_open_minutes: 1 });
      expect(kinds(enter(stream(short)))).to.deep.equal(['candle_below']);
      const older = stream((h) => {
        h.candles[0] = { symbol: 'EUR', minute: T0, trades: 1 };
      });
      expect(kinds(enter({ ...older, running: true }))).to.deep.equal(['candle_below']);
    });

    it('leaves minutes above the newest one open', () => {
      const report = enter(stream((h) => h.candles.splice(1)));
      expect(report.problems).to.deep.equal([]);
      expect(report.open).to.deep.include({ minutes: 2, trades_in_open_minutes: 4 });
    });

    it('calls one above bronze and what is in flight a failure', () => {
      const report = enter(
        stream((h) => {
          h.candles[0] = { symbol: 'EUR', minute: T0, trades: 3 };
        }),
      );
      expect(report.problems).to.have.length(1);
      expect(report.problems[0]).to.deep.include({
        stage: 'stream_candles',
        kind: 'candle_above',
        minute: NOON,
        expected: 2,
        found: 3,
      });
    });

    it('may be ahead of bronze by what is in flight', () => {
      const report = enter(
        stream((h) => {
          h.lake.trades.splice(4);
          Object.assign(h.lake, { finished: undefined });
        }),
      );
      expect(report.problems).to.deep.equal([]);
    });

    it('calls a doubled one a failure', () => {
      expect(kinds(enter(stream((h) => h.candles.push({ symbol: 'EUR', minute: T0, trades: 2 }))))).to.deep.equal([
        'candle_doubled',
      ]);
    });
  });

  for (const [name, list] of [
    ['batch_candles', 'batch'],
    ['gold', 'gold'],
  ] as const) {
    describe(name, () => {
      it('names a candle that is missing, too small, too large, doubled, or of a minute with no trade', () => {
        const broken = (change: (candles: Lake['batch']) => unknown) =>
          enter(stream((h) => change(h.lake[list]))).problems.map((p) => [p.stage, p.kind, p.minute]);
        const candle = { symbol: 'EUR', minute: T0, trades: 2 };
        expect(broken((c) => c.shift())).to.deep.equal([[name, 'candle_missing', NOON]]);
        expect(broken((c) => (c[0] = { ...candle, trades: 1 }))).to.deep.equal([[name, 'candle_below', NOON]]);
        expect(broken((c) => (c[0] = { ...candle, trades: 3 }))).to.deep.equal([[name, 'candle_above', NOON]]);
        expect(broken((c) => c.push(candle))).to.deep.equal([[name, 'candle_doubled', NOON]]);
        expect(broken((c) => c.push({ ...candle, symbol: 'GBP' }))).to.deep.equal([[name, 'candle_above', NOON]]);
      });
    });
  }

  describe('an open minute is no failure', () => {
    const late = { symbol: 'EUR', minute: T0, trades: 2 };
    const withoutCandle = (change: (lake: Lake) => void): LedgerReport =>
      enter(
        stream(({ lake }) => {
          lake.batch.shift();
          lake.gold.shift();
          change(lake);
        }),
      );

    it('when no run has finished yet', () => {
      const report = withoutCandle((lake) => (lake.finished = undefined));
      expect(report.problems).to.deep.equal([]);
      expect(report.open).to.deep.include({ unfinished_minutes: 3, trades_in_unfinished_minutes: 6 });
      expect(stage(report, 'gold')).to.deep.equal({ stage: 'gold', trades: 0, candles: 0 });
    });

    it('when it ends above the horizon', () => {
      expect(withoutCandle((lake) => (lake.finished = finished(T0 + MINUTE - 1))).problems).to.deep.equal([]);
      expect(kinds(withoutCandle((lake) => (lake.finished = finished(T0 + MINUTE))))).to.deep.equal([
        'candle_missing',
        'candle_missing',
      ]);
    });

    it('when the last run has left it to its successor', () => {
      const report = withoutCandle((lake) => (lake.finished = finished(T0 + 3 * MINUTE, { deferred: [late] })));
      expect(report.problems).to.deep.equal([]);
      expect(report.open).to.deep.include({ unfinished_minutes: 1, trades_in_unfinished_minutes: 2 });
    });

    it('when a run in progress has it in its hands', () => {
      const report = withoutCandle((lake) => (lake.finished = finished(T0 + 3 * MINUTE, { inProgress: [late] })));
      expect(report.problems).to.deep.equal([]);
    });

    it('when a trade came in after the last run had looked', () => {
      const report = enter(
        stream((h) => {
          h.trades.push(trade(1000, 7));
          h.lake.trades.push({ trade: trade(1000, 7), offset: 6 });
        }),
      );
      expect(report.problems).to.deep.equal([]);
      expect(report.open).to.deep.include({ unfinished_minutes: 1, trades_in_unfinished_minutes: 3 });
      expect(stage(report, 'stream_candles')).to.deep.include({ late: 1 });
    });
  });
});

describe('Finished', () => {
  const at = (minute: number): string => new Date(T0 + minute * MINUTE).toISOString();

  it('knows each minute of a stretch, half open, and no other symbol', () => {
    const found = new Finished({ horizon: at(10), deferred: [{ symbol: 'EUR', start: at(2), end: at(4) }] }, [
      { minutes: [{ symbol: 'EUR', start: at(6), end: at(7) }] },
      { minutes: [{ symbol: 'GBP', start: at(0), end: at(10) }] },
    ]);
    const minutes = (symbol: string) =>
      Array.from({ length: 12 }, (_, i) => i).filter((i) => found.has(symbol, T0 + i * MINUTE));
    expect(minutes('EUR')).to.deep.equal([0, 1, 4, 5, 7, 8, 9]);
    expect(minutes('GBP')).to.deep.equal([]);
    expect(minutes('JPY')).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
