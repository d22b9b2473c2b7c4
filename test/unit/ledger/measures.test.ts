import { expect } from 'chai';
import { measuresOf } from '../../../tasks/src/lib/ledger/measures.ts';
import { MINUTE, T0, enter, event, history, trade } from './history.ts';

describe('the numbers of the ledger', () => {
  const gap = { event: 'gap', symbols: ['EUR'], gap_from: T0, gap_to: T0 + MINUTE };
  const report = enter(
    history({
      events: [event({ connection_id: 1000, trades: 2, closed: true, ...gap })],
      trades: [trade(1000, 1)],
      candles: [{ symbol: 'EUR', minute: T0, trades: 1 }],
    }),
  );
  const value = (stage: string, measure: string): number | undefined =>
    measuresOf(report).find((row) => row.stage === stage && row.measure === measure)?.value;

  it('are those of the report, stage by stage', () => {
    expect(value('received', 'trades')).to.equal(2);
    expect(value('kafka', 'trades')).to.equal(1);
    expect(value('stream_candles', 'candles')).to.equal(1);
    expect(value('open', 'trades_above_counts')).to.equal(0);
  });

  it('count the gaps by state, and the problems by stage, also where there are none', () => {
    expect([value('gaps', 'open'), value('gaps', 'filled'), value('gaps', 'lost')]).to.deep.equal([1, 0, 0]);
    expect([value('received', 'problems'), value('kafka', 'problems')]).to.deep.equal([0, 2]);
    expect([value('ledger', 'balanced'), value('ledger', 'problems')]).to.deep.equal([0, 2]);
  });

  it('are each there once', () => {
    const keys = measuresOf(report).map(({ stage, measure }) => `${stage} ${measure}`);
    expect(new Set(keys).size).to.equal(keys.length);
  });
});
