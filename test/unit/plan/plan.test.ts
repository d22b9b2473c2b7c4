import { expect } from 'chai';
import { fromStretch, plan, toStretch } from '../../../tasks/src/lib/plan/plan.ts';

const valid = {
  run_id: 'scheduled__2026-01-31T12:00:00+00:00',
  sequence: 3,
  kind: 'snapshots',
  snapshot_id: '6026411247450446570',
  offsets: { '0': 85_087 },
  coverage: { '0': 12 },
  horizon: '2026-01-31T12:00:07.146Z',
  minutes: [{ symbol: 'BITSTAMP:BTCUSD', start: '2026-01-31T11:55:00.000Z', end: '2026-01-31T12:00:00.000Z' }],
  deferred: [],
};

describe('a plan', () => {
  it('reads back as it was stored, with a snapshot id beyond the digits of a double', () => {
    expect(plan.parse(JSON.parse(JSON.stringify(valid)))).to.deep.equal(valid);
  });

  it('of before there was history has read none of it', () => {
    expect(plan.parse({ ...valid, coverage: undefined }).coverage).to.deep.equal({});
  });

  it('is refused when a part is missing or is something else', () => {
    for (const change of [
      { sequence: 0 },
      { kind: 'all' },
      { offsets: { trades: 1 } },
      { horizon: 'now' },
      { minutes: undefined },
    ])
      expect(plan.safeParse({ ...valid, ...change }).success, JSON.stringify(change)).to.equal(false);
  });

  it('keeps its stretches to the millisecond, before 1970 too', () => {
    for (const start of [-60_000, 0, 1_769_860_500_000]) {
      const stretch = { symbol: 'A', start, end: start + 60_000 };
      expect(fromStretch(toStretch(stretch))).to.deep.equal(stretch);
    }
  });
});
