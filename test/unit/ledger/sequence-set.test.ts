import { expect } from 'chai';
import fc from 'fast-check';
import {
  SequenceSet,
  around,
  missing,
  rangeSize,
  shared,
  without,
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

  it('is the same set when it is given as its runs', () => {
    fc.assert(
      fc.property(sequences, (list) => {
        const set = setOf(list);
        const given = new SequenceSet();
        for (const run of set.runs) given.addRun(run);
        expect(given.runs).to.deep.equal(set.runs);
        expect(given.size).to.equal(set.size);
        expect(given.highest).to.equal(Math.max(0, ...list));
      }),
    );
  });

  it('joins runs that touch, and refuses one that does not come after the others', () => {
    const set = new SequenceSet();
    set.addRun({ from: 1, to: 3, first: at(1), last: at(3) });
    set.addRun({ from: 4, to: 6, first: at(4), last: at(6) });
    expect(set.runs).to.deep.equal([{ from: 1, to: 6, first: at(1), last: at(6) }]);
    expect(() => {
      set.addRun({ from: 6, to: 7, first: at(6), last: at(7) });
    }).to.throw(RangeError);
  });

  it('finds what is in one set and in none of the others', () => {
    fc.assert(
      fc.property(sequences, sequences, sequences, (a, b, c) => {
        const only = new Set(a.filter((s) => !b.includes(s) && !c.includes(s)));
        expect(expanded(without(setOf(a), setOf(b), setOf(c)))).to.deep.equal([...only].sort((x, y) => x - y));
      }),
    );
  });

  it('tells where to look for what is missing: at the records around it', () => {
    expect(around(setOf([1, 2, 5, 6]), { from: 3, to: 4 })).to.deep.equal({ from: 3, to: 4, at: ['t-0@1', 't-0@2'] });
    expect(around(setOf([1, 2]), { from: 3, to: 3 }).at).to.deep.equal(['t-0@1']);
  });
});
