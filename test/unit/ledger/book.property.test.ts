import { expect } from 'chai';
import fc from 'fast-check';
import { enter } from './history.ts';
import { countedRefused, countedTrades, damaged, namesSequence, remove, streams } from './streams.ts';

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
