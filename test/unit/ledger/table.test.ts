import { expect } from 'chai';
import { ledgerTable } from '../../../tasks/src/lib/ledger/table.ts';
import { T0, enter, event, history, refusal, trade } from './history.ts';

describe('ledgerTable', () => {
  it('shows a balanced ledger as three rows and one sentence', () => {
    const h = history({ events: [event({ connection_id: 1, trades: 1, closed: true })], trades: [trade(1, 1)] });
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
      events: [event({ connection_id: 1, trades: 2 })],
      trades: [trade(1, 1), trade(1, 3)],
      refused: [refusal(1, null)],
    });
    const text = ledgerTable(enter(h));
    expect(text).to.include(
      'kafka: a, connection 1: sequence 2 of 2: in neither trades nor trades-dlq (trades-0@0, trades-0@1)',
    );
    expect(text).to.include('  1 trades newer than the last counts');
    expect(text).to.match(/The ledger does not balance: \d+ problem\(s\)\.$/);
  });
});
