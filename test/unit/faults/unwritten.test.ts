import { expect } from 'chai';
import type { KafkaTrade } from '../../support/read-back.ts';
import { pick, seeded } from '../../support/faults/random.ts';
import { notWritten } from '../../support/faults/unwritten.ts';

const recording = Array.from({ length: 10 }, (_, i) => ({ time: i * 1000, price: BigInt(i), volume: 1n }));
const frame = (at: number, connection: number, first: number, count: number) => ({ at, connection, first, count });

/** What a connection brought: trades of the recording from one on. */
const stretch = (connection: number, first: number, count: number): KafkaTrade[] =>
  recording
    .slice(first, first + count)
    .map((trade, i) => ({ ...trade, symbol: 'A', connection_id: connection, sequence: i + 1 }));

describe('what of the sent trades was not written', () => {
  it('is nothing when all was', () => {
    expect(notWritten([frame(1, 1, 0, 10)], stretch(7, 0, 10), recording)).to.deep.equal([]);
  });

  it('is the end of each connection, and all of one that brought nothing, though the replay numbers anew', () => {
    const frames = [frame(1, 1, 0, 4), frame(2, 2, 4, 2), frame(3, 1, 6, 4)];
    const trades = [...stretch(7, 0, 3), ...stretch(9, 6, 3)];
    expect(notWritten(frames, trades, recording)).to.deep.equal([
      { at: 1, index: 3 },
      { at: 2, index: 4 },
      { at: 2, index: 5 },
      { at: 3, index: 9 },
    ]);
  });

  it('throws when a trade is held twice, is another, or its sequence is not the next', () => {
    const frames = [frame(1, 1, 0, 10)];
    const twice = [...stretch(7, 0, 5), ...stretch(8, 4, 3)];
    expect(() => notWritten(frames, twice, recording)).to.throw(/what was not sent/);
    const other = stretch(7, 0, 5).map((trade) => ({ ...trade, price: trade.price + 100n }));
    expect(() => notWritten(frames, other, recording)).to.throw(/what was not sent/);
    const jump = stretch(7, 0, 5).filter(({ sequence }) => sequence !== 3);
    expect(() => notWritten(frames, jump, recording)).to.throw(/has sequence 4 as its 3th/);
  });
});

describe('faults at random', () => {
  it('come in the order of their seed', () => {
    const order = (seed: number): number[] => {
      const random = seeded(seed);
      return Array.from({ length: 50 }, () => pick(random, [1, 2, 3, 4, 5]));
    };
    expect(order(42)).to.deep.equal(order(42));
    expect(order(42)).not.to.deep.equal(order(43));
    expect(new Set(order(42)).size).to.equal(5);
  });
});
