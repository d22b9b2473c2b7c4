import { expect } from 'chai';
import fc from 'fast-check';
import { partsOf } from '../../../tasks/src/lib/validate/parts.ts';

const days = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }).map((counts) =>
  counts.map((trades, i) => ({
    first_day: new Date(Date.UTC(2026, 0, 1 + i * 3)).toISOString().slice(0, 10),
    trades,
  })),
);

describe('the parts in which candles are compared', () => {
  it('follow one another with no hole, from before every trade to after it', () => {
    fc.assert(
      fc.property(days, (list) => {
        const parts = partsOf(list, 60);
        expect(parts[0]?.from.getUTCFullYear()).to.equal(1900);
        expect(parts.at(-1)?.to.getUTCFullYear()).to.equal(2299);
        for (const [i, { from, to }] of parts.entries()) {
          expect(from.getTime()).to.be.lessThan(to.getTime());
          if (i > 0) expect(from).to.deep.equal(parts[i - 1]?.to);
        }
      }),
    );
  });

  it('hold no more trades than is allowed, unless a single day does', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 120 }), (list, most) => {
        for (const { from, to } of partsOf(list, most)) {
          const inside = list.filter(({ first_day }) => {
            const start = new Date(`${first_day}T00:00:00Z`);
            return start >= from && start < to;
          });
          if (inside.length > 1) expect(inside.reduce((sum, d) => sum + d.trades, 0)).to.be.at.most(most);
        }
      }),
    );
  });

  it('are one when nothing is there: a candle with no trade at all is found too', () => {
    expect(partsOf([], 10)).to.have.length(1);
  });
});
