import { expect } from 'chai';
import { MINUTE, T0, enter, event, history, kinds, refusal, trade } from './history.ts';

const none = new Set<number>();
const cut = new Set([0]);

describe('LedgerBook', () => {
  it('balances an empty stream', () => {
    expect(enter(history()).balanced).to.equal(true);
  });

  it('balances trades and refused trades that make up all sequences, in whatever order they were refused', () => {
    const report = enter(
      history({
        events: [event({ connection_id: 1000, trades: 3, refused: 2, closed: true })],
        trades: [trade(1000, 1), trade(1000, 3), trade(1000, 5)],
        refused: [refusal(1000, 2), refusal(1000, 4)],
      }),
    );
    expect(report.problems).to.deep.equal([]);
    expect(report.stages[0]).to.deep.include({ trades: 3, refused: 2, connections: 1 });
    expect(report.stages[1]).to.deep.include({ trades: 3, refused: 2 });
  });

  it('names a lost sequence and the records around it', () => {
    const report = enter(
      history({
        events: [event({ connection_id: 1000, trades: 4 })],
        trades: [trade(1000, 1), trade(1000, 2), trade(1000, 4)],
      }),
    );
    expect(report.problems[0]).to.deep.include({
      stage: 'kafka',
      kind: 'missing',
      feed: 'a',
      connection_id: 1000,
      from: 3,
      to: 3,
      at: ['trades-0@1', 'trades-0@2'],
    });
  });

  it('does not let a doubled trade stand in for a lost one', () => {
    const report = enter(
      history({
        events: [event({ connection_id: 1000, trades: 3 })],
        trades: [trade(1000, 1), trade(1000, 1), trade(1000, 3)],
      }),
    );
    expect(kinds(report)).to.include.members(['doubled', 'missing']);
  });

  it('names a topic that holds everything twice in one line', () => {
    const trades = [1, 2, 3, 1, 2, 3].map((s) => trade(1000, s));
    const report = enter(history({ events: [event({ connection_id: 1000, trades: 3 })], trades }));
    expect(report.problem_count).to.equal(1);
    expect(report.problems[0]).to.deep.include({ kind: 'doubled', from: 1, to: 3, at: ['trades-0@3', 'trades-0@5'] });
  });

  it('sees a sequence that is both a trade and refused', () => {
    const report = enter(
      history({
        events: [event({ connection_id: 1000, trades: 2 })],
        trades: [trade(1000, 1), trade(1000, 2)],
        refused: [refusal(1000, 2)],
      }),
    );
    expect(kinds(report)).to.include('in_both_topics');
  });

  it('leaves sequences above the last counts open, but not doubled ones', () => {
    const events = [event({ connection_id: 1000, trades: 1 })];
    const fine = enter(history({ events, trades: [trade(1000, 1), trade(1000, 2), trade(1000, 3)] }));
    expect(fine.balanced).to.equal(true);
    expect(fine.open.trades_above_counts).to.equal(2);
    expect(kinds(enter(history({ events, trades: [trade(1000, 1), trade(1000, 3), trade(1000, 3)] })))).to.deep.equal([
      'doubled',
    ]);
  });

  it('does not let a closed connection go on', () => {
    const report = enter(
      history({
        events: [event({ connection_id: 1000, trades: 1, closed: true })],
        trades: [trade(1000, 1), trade(1000, 2)],
      }),
    );
    expect(kinds(report)).to.deep.equal(['after_close']);
  });

  it('does not forgive trades of a connection that no event speaks of', () => {
    const report = enter(history({ trades: [trade(7000, 1)] }));
    expect(report.problems[0]).to.deep.include({ kind: 'unknown_connection', connection_id: 7000, at: ['trades-0@0'] });
  });

  it('raises no alarm for a connection that was opened while the ledger was read', () => {
    const report = enter(
      history({
        events: [event({ connection_id: 1000, trades: 1 })],
        trades: [trade(1000, 1), trade(1000, 2), trade(2000, 1)],
        laterEvents: [event({ connection_id: 1000, trades: 2, closed: true }), event({ connection_id: 2000 })],
      }),
    );
    expect(report.problems).to.deep.equal([]);
    expect(report.open).to.deep.include({ new_connections: 1, trades_above_counts: 2 });
  });

  it('wants every connection but the newest of its feed closed', () => {
    const events = [
      event({ connection_id: 1000, trades: 1 }),
      event({ connection_id: 2000 }),
      event({ connection_id: 1000, feed: 'b' }),
    ];
    const report = enter(history({ events, trades: [trade(1000, 1), trade(1000, 2)] }));
    expect(report.problems).to.have.length(1);
    expect(report.problems[0]).to.deep.include({
      stage: 'received',
      kind: 'not_closed',
      feed: 'a',
      connection_id: 1000,
      from: 2,
    });
  });

  it('lets each task of a feed have an open connection', () => {
    const events = [
      event({ connection_id: 1000, trades: 1, closed: true }),
      event({ connection_id: 1001 }),
      event({ connection_id: 2000 }),
    ];
    expect(enter(history({ events, trades: [trade(1000, 1)] })).balanced).to.equal(true);
    const notClosed = enter(history({ events: [...events, event({ connection_id: 2001 })], trades: [trade(1000, 1)] }));
    expect(notClosed.problems.map((p) => [p.kind, p.connection_id])).to.deep.equal([['not_closed', 1001]]);
  });

  it('keeps connections of the same number on two feeds apart', () => {
    const events = [event({ connection_id: 1000, trades: 1 }), event({ connection_id: 1000, feed: 'b', trades: 1 })];
    expect(enter(history({ events, trades: [trade(1000, 1), trade(1000, 1, { feed: 'b' })] })).balanced).to.equal(true);
  });

  it('does not accept counts that contradict themselves or go back', () => {
    const contradictory = event({ connection_id: 1000, trades: 1, last_sequence: 2 });
    expect(kinds(enter(history({ events: [contradictory], trades: [trade(1000, 1), trade(1000, 2)] })))).to.include(
      'counts_disagree',
    );
    const back = [event({ connection_id: 1000, trades: 2 }), event({ connection_id: 1000, trades: 1 })];
    expect(kinds(enter(history({ events: back, trades: [trade(1000, 1), trade(1000, 2)] })))).to.include(
      'counts_went_back',
    );
    const reopened = [
      event({ connection_id: 1000, trades: 1, closed: true }),
      event({ connection_id: 1000, trades: 2 }),
    ];
    expect(kinds(enter(history({ events: reopened, trades: [trade(1000, 1), trade(1000, 2)] })))).to.include(
      'changed_after_close',
    );
  });

  it('counts refused frames up to the frame of the last counts', () => {
    const counted = event({ connection_id: 1000, frames: 5, refused_frames: 1 });
    expect(
      enter(history({ events: [counted], refused: [refusal(1000, null, 5), refusal(1000, null, 6)] })).balanced,
    ).to.equal(true);
    expect(kinds(enter(history({ events: [counted], refused: [refusal(1000, null, 6)] })))).to.deep.equal([
      'refused_frames_differ',
    ]);
  });

  it('compares a minute, half open, with its candle and leaves those above the newest candle open', () => {
    const trades = [T0, T0 + MINUTE - 1, T0 + MINUTE, T0 + 2 * MINUTE].map((event_time, i) =>
      trade(1000, i + 1, { event_time }),
    );
    const events = [event({ connection_id: 1000, trades: 4 })];
    const candles = [
      { symbol: 'EUR', minute: T0, trades: 2 },
      { symbol: 'EUR', minute: T0 + MINUTE, trades: 1 },
    ];
    const report = enter(history({ events, trades, candles }));
    expect(report.problems).to.deep.equal([]);
    expect(report.open).to.deep.include({ minutes: 1, trades_in_open_minutes: 1 });
    expect(report.stages[2]).to.deep.equal({ stage: 'stream_candles', trades: 3, candles: 2 });
  });

  it('names a candle that misses a late trade, with the trade that came last', () => {
    const trades = [trade(1000, 1), trade(1000, 2, { event_time: T0 + MINUTE }), trade(1000, 3)];
    const candles = [
      { symbol: 'EUR', minute: T0, trades: 1 },
      { symbol: 'EUR', minute: T0 + MINUTE, trades: 1 },
    ];
    const report = enter(history({ events: [event({ connection_id: 1000, trades: 3 })], trades, candles }));
    expect(report.problems[0]).to.deep.include({
      kind: 'candle_below',
      symbol: 'EUR',
      minute: '2026-01-05T12:00:00.000Z',
      expected: 2,
      found: 1,
      at: ['trades-0@2'],
    });
  });

  it('reports gaps with their times', () => {
    const gap = event({
      connection_id: 2000,
      event: 'gap',
      reason: 'closed by the server',
      symbols: ['EUR'],
      gap_from: T0,
      gap_to: T0 + 5000,
    });
    expect(enter(history({ events: [gap] })).gaps).to.deep.equal([
      {
        feed: 'a',
        state: 'open',
        from: '2026-01-05T12:00:00.000Z',
        to: '2026-01-05T12:00:05.000Z',
        reason: 'closed by the server',
        symbols: ['EUR'],
        connection_id: 2000,
        first_missing_id: null,
        last_missing_id: null,
      },
    ]);
  });

  describe('when retention has cut a topic off', () => {
    const events = [event({ connection_id: 1000, trades: 5, closed: true }), event({ connection_id: 2000, trades: 3 })];
    const held = [trade(1000, 4), trade(1000, 5), trade(2000, 1), trade(2000, 2), trade(2000, 3)];

    it('takes what is before the first trade held for gone, and nothing after it', () => {
      const fine = enter(history({ events, trades: held }), { events: none, trades: cut, refused: none });
      expect(fine.problems).to.deep.equal([]);
      expect(fine.open.expired_sequences).to.equal(3);
      const lost = enter(history({ events, trades: held.filter((t) => t.connection_id === 1000 || t.sequence > 1) }), {
        events: none,
        trades: cut,
        refused: none,
      });
      expect(lost.problems[0]).to.deep.include({ kind: 'missing', connection_id: 2000, from: 1, to: 1 });
    });

    it('alarms about the same trades when nothing was cut off', () => {
      expect(kinds(enter(history({ events, trades: held })))).to.include('missing');
    });

    it('excuses as many holes as refused trades may be gone, and not one more', () => {
      const counted = [event({ connection_id: 1000, trades: 2, refused: 2 })];
      const dlq = { events: none, trades: none, refused: cut };
      expect(
        enter(history({ events: counted, trades: [trade(1000, 1), trade(1000, 3)], refused: [refusal(1000, 4)] }), dlq)
          .balanced,
      ).to.equal(true);
      expect(
        kinds(enter(history({ events: counted, trades: [trade(1000, 1)], refused: [refusal(1000, 4)] }), dlq)),
      ).to.include('missing');
    });

    it('does not miss refused frames that may be gone', () => {
      const counted = [event({ connection_id: 1000, frames: 2, refused: 1, refused_frames: 1 })];
      const dlq = { events: none, trades: none, refused: cut };
      expect(enter(history({ events: counted, refused: [refusal(1000, 1, 2)] }), dlq).problems).to.deep.equal([]);
      expect(kinds(enter(history({ events: counted, refused: [refusal(1000, 1, 2)] })))).to.deep.equal([
        'refused_frames_differ',
      ]);
    });

    it('forgives connections older than the first event held', () => {
      const report = enter(
        history({ events: [event({ connection_id: 2000, trades: 1 })], trades: [trade(1000, 9), trade(2000, 1)] }),
        {
          events: cut,
          trades: cut,
          refused: none,
        },
      );
      expect(report.problems).to.deep.equal([]);
      expect(report.open.expired_connections).to.equal(1);
    });

    it('leaves candles out whose trades may be gone', () => {
      const candles = [{ symbol: 'EUR', minute: T0 - 60 * MINUTE, trades: 500 }];
      expect(
        enter(history({ candles, trades: held, events }), { events: none, trades: cut, refused: none }).open
          .expired_minutes,
      ).to.equal(2);
    });
  });
});
