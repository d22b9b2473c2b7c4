import { expect } from 'chai';
import { ledgerTable } from '../../../tasks/src/lib/ledger/table.ts';
import { MINUTE, T0, enter, event, history, lakeOf, refusal, trade } from './history.ts';

describe('ledgerTable', () => {
  it('shows a balanced ledger as three rows and one sentence', () => {
    const h = history({ events: [event({ connection_id: 1000, trades: 1, closed: true })], trades: [trade(1000, 1)] });
    expect(ledgerTable(enter({ ...h, candles: [{ symbol: 'EUR', minute: T0, trades: 1 }] })).split('\n')).to.deep.equal(
      [
        'stage                                         trades  refused  refused frames',
        'received        counted by the sources             1        0               0',
        'kafka           topics trades and trades-dlq       1        0               0',
        'stream_candles  ClickHouse silver.candles_1m       1',
        '',
        'The ledger balances.',
      ],
    );
  });

  it('says what is broken and where to look, and what is merely open', () => {
    const h = history({
      events: [event({ connection_id: 1000, trades: 2 })],
      trades: [trade(1000, 1), trade(1000, 3)],
      refused: [refusal(1000, null)],
    });
    const text = ledgerTable(enter(h));
    expect(text).to.include(
      'kafka: a, connection 1000: sequence 2 of 2: in neither trades nor trades-dlq (trades-0@0, trades-0@1)',
    );
    expect(text).to.include('  1 trades newer than the last counts');
    expect(text).to.match(/The ledger does not balance: \d+ problem\(s\)\.$/);
  });

  it('shows what the lake and gold hold, what is on its way, and what came late', () => {
    const trades = [1, 2, 3, 4].map((s) => trade(1000, s, { event_time: T0 + (s % 2 === 0 ? MINUTE : 0) }));
    const h = history({ events: [event({ connection_id: 1000, trades: 4, closed: true })], trades });
    const lake = lakeOf(h, T0 + MINUTE);
    lake.trades.splice(3);
    lake.seen = 2;
    const candles = [
      { symbol: 'EUR', minute: T0, trades: 1 },
      { symbol: 'EUR', minute: T0 + MINUTE, trades: 2 },
    ];
    expect(ledgerTable(enter({ ...h, candles, lake })).split('\n')).to.deep.equal([
      'stage                                           trades  refused  refused frames',
      'received        counted by the sources               4        0               0',
      'kafka           topics trades and trades-dlq         4        0               0',
      'bronze          Iceberg lake.bronze                  3        0               0',
      'stream_candles  ClickHouse silver.candles_1m         3',
      'batch_candles   Iceberg lake.silver.candles_1m       2',
      'gold            ClickHouse gold.candles              2',
      '',
      'Open, which is no failure:',
      '  1 trades in Kafka that are not in bronze yet',
      '  1 symbol-minutes that no finished run of gold answers for as they are',
      '  1 trades in these',
      '',
      'Late, which is no failure:',
      '  1 trades came after the stream candle of their minute; gold takes the batch candle',
      '',
      'The ledger balances.',
    ]);
  });

  it('shows the ids that a gap is proven by', () => {
    const gap = {
      connection_id: 1000,
      event: 'gap',
      reason: 'the ids jump',
      symbols: ['BTCUSDT'],
      gap_from: T0,
      gap_to: T0,
    };
    const text = (first: string | null, last: string | null): string =>
      ledgerTable(enter(history({ events: [event({ ...gap, first_missing_id: first, last_missing_id: last })] })));
    expect(text('5', '9')).to.include('the ids jump (BTCUSDT, ids 5 to 9)');
    expect(text('5', '5')).to.include('the ids jump (BTCUSDT, id 5)');
    expect(text(null, null)).to.include('the ids jump (BTCUSDT)');
  });

  it('says of each gap whether it is open, filled or lost, and counts them', () => {
    const gap = { connection_id: 1000, event: 'gap', reason: 'cut', symbols: ['EUR'], gap_from: T0, gap_to: T0 };
    const report = enter(history({ events: [event(gap)] }));
    const [open] = report.gaps;
    if (open === undefined) throw new Error('there is no gap');
    const text = ledgerTable({ ...report, gaps: [open, { ...open, state: 'filled' }, { ...open, state: 'lost' }] });
    expect(text).to.include('Gaps (1 open, 1 filled, 1 lost):\n  open: a: 2026-01-05T12:00:00.000Z');
    expect(text).to.include('\n  lost: a: ');
  });

  it('shows what history stands in for, and of which window it speaks', () => {
    const report = enter(history());
    const text = ledgerTable({
      ...report,
      window: { start: '2026-01-05T12:00:00.000Z', end: '2026-01-05T13:00:00.000Z' },
      stages: [
        ...report.stages,
        { stage: 'history', trades: 9, in_flight: 1, covered_minutes: 3, counted: 4, replaced: 2 },
      ],
    });
    expect(text).to.match(
      /^Minutes, candles and gaps of 2026-01-05T12:00:00.000Z to 2026-01-05T13:00:00.000Z; identities of all time\.\n/,
    );
    expect(text).to.match(/history +Iceberg lake\.bronze\.trades_history +9\n/);
    expect(text).to.include(
      '  3 symbol-minutes are covered: 4 trades of history in place of 2; 1 are on their way to bronze',
    );
  });
});
