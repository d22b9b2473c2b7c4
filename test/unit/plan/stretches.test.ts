import { expect } from 'chai';
import fc from 'fast-check';
import {
  MINUTE_MS,
  StretchBuilder,
  minutesIn,
  splitAt,
  union,
  type MinuteStretch,
} from '../../../tasks/src/lib/plan/stretches.ts';

interface SymbolMinute {
  readonly symbol: string;
  readonly minute: number;
}

const symbolMinute = fc.record({ symbol: fc.constantFrom('A', 'B'), minute: fc.integer({ min: -5, max: 30 }) });
const someMinutes = fc.array(symbolMinute, { maxLength: 40 });

const key = ({ symbol, minute }: SymbolMinute): string => `${symbol} ${minute}`;

function build(minutes: readonly SymbolMinute[]): readonly MinuteStretch[] {
  const builder = new StretchBuilder();
  for (const { symbol, minute } of minutes) builder.add(symbol, minute * MINUTE_MS);
  return builder.build();
}

const minutesOf = (stretches: readonly MinuteStretch[]): string[] =>
  stretches.flatMap(({ symbol, start, end }) =>
    Array.from({ length: (end - start) / MINUTE_MS }, (_, i) => key({ symbol, minute: start / MINUTE_MS + i })),
  );

const at = (minute: number): number => minute * MINUTE_MS;

describe('the stretches of a plan', () => {
  it('hold exactly the minutes that went in, each once, whatever their order', () => {
    fc.assert(
      fc.property(someMinutes, (minutes) => {
        const found = minutesOf(build(minutes));
        expect(found).to.have.members([...new Set(minutes.map(key))]);
        expect(found.length).to.equal(minutesIn(build(minutes)));
      }),
    );
  });

  it('are as few as can be: no two of a symbol touch', () => {
    fc.assert(
      fc.property(someMinutes, (minutes) => {
        for (const [i, stretch] of build(minutes).entries()) {
          const next = build(minutes)[i + 1];
          if (next?.symbol === stretch.symbol) expect(next.start).to.be.greaterThan(stretch.end);
        }
      }),
    );
  });

  it('do not run from one symbol into the next', () => {
    expect(
      build([
        { symbol: 'A', minute: 1 },
        { symbol: 'B', minute: 2 },
      ]),
    ).to.deep.equal([
      { symbol: 'A', start: at(1), end: at(2) },
      { symbol: 'B', start: at(2), end: at(3) },
    ]);
  });

  it('of several lists hold what is in any of them', () => {
    fc.assert(
      fc.property(someMinutes, someMinutes, (a, b) => {
        expect(union(build(a), build(b))).to.deep.equal(build([...a, ...b]));
      }),
    );
  });

  it('are planned up to the horizon and deferred above it, and no minute is lost or in both', () => {
    fc.assert(
      fc.property(someMinutes, fc.integer({ min: at(-6), max: at(32) }), (minutes, horizon) => {
        const { planned, deferred } = splitAt(build(minutes), horizon);
        const ended = (m: SymbolMinute): boolean => at(m.minute + 1) <= horizon;
        expect(minutesOf(planned)).to.have.members([...new Set(minutes.filter(ended).map(key))]);
        expect(minutesOf(deferred)).to.have.members([...new Set(minutes.filter((m) => !ended(m)).map(key))]);
      }),
    );
  });

  it('are planned at the very end of a minute, and not a millisecond before', () => {
    const minute = build([{ symbol: 'A', minute: 7 }]);
    expect(splitAt(minute, at(8)).deferred).to.deep.equal([]);
    expect(splitAt(minute, at(8) - 1).planned).to.deep.equal([]);
  });

  it('all wait where there is no horizon', () => {
    const minutes = build([{ symbol: 'A', minute: 7 }]);
    expect(splitAt(minutes, undefined)).to.deep.equal({ planned: [], deferred: minutes });
  });
});
