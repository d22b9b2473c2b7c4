import { expect } from 'chai';
import fc from 'fast-check';
import {
  SequenceSet,
  missing,
  rangeSize,
  shared,
  type Coordinates,
} from '../../../tasks/src/lib/ledger/sequence-set.ts';

const at = (offset: number): Coordinates => ({ topic: 't', partition: 0, offset });
const sequences = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });

function setOf(list: readonly number[]): SequenceSet {
  const set = new SequenceSet();
  for (const [i, sequence] of list.entries()) set.add(sequence, at(i));
  return set;
}

const expanded = (ranges: readonly { from: number; to: number }[]): number[] =>
  ranges.flatMap((r) => Array.from({ length: r.to - r.from + 1 }, (_, i) => r.from + i));

describe('SequenceSet', () => {
  it('says of each addition whether it was new, and holds what a plain set would', () => {
    fc.assert(
      fc.property(sequences, (list) => {
        const plain = new Set<number>();
        const set = new SequenceSet();
        for (const [i, sequence] of list.entries()) {
          expect(set.add(sequence, at(i))).to.equal(!plain.has(sequence));
          plain.add(sequence);
        }
        expect(set.size).to.equal(plain.size);
        expect(expanded(set.runs)).to.deep.equal([...plain].sort((a, b) => a - b));
        expect(set.countUpTo(20)).to.equal([...plain].filter((s) => s <= 20).length);
        expect(expanded(set.above(20))).to.deep.equal([...plain].filter((s) => s > 20).sort((a, b) => a - b));
      }),
    );
  });

  it('keeps the coordinates of the ends of each run', () => {
    fc.assert(
      fc.property(sequences, (list) => {
        for (const run of setOf(list).runs) {
          expect(run.first.offset).to.equal(list.indexOf(run.from));
          expect(run.last.offset).to.equal(list.indexOf(run.to));
        }
      }),
    );
  });

  it('keeps one run for a million sequences in order', () => {
    const set = new SequenceSet();
    for (let i = 1; i <= 1_000_000; i++) set.add(i, at(i));
    expect(set.runs).to.deep.equal([{ from: 1, to: 1_000_000, first: at(1), last: at(1_000_000) }]);
  });

  it('finds what is in neither set and what is in both', () => {
    fc.assert(
      fc.property(sequences, sequences, (a, b) => {
        const all = Array.from({ length: 40 }, (_, i) => i + 1);
        const holes = missing(1, 40, setOf(a), setOf(b));
        expect(expanded(holes)).to.deep.equal(all.filter((s) => !a.includes(s) && !b.includes(s)));
        expect(rangeSize(holes)).to.equal(expanded(holes).length);
        expect(expanded(shared(setOf(a), setOf(b)))).to.deep.equal(all.filter((s) => a.includes(s) && b.includes(s)));
      }),
    );
  });
});
