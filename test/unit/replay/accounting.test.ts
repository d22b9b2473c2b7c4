import { expect } from 'chai';
import fc from 'fast-check';
import { Bookmark } from '../../../tasks/src/lib/replay/bookmark.ts';
import { Coverage } from '../../../tasks/src/lib/replay/coverage.ts';

describe('replay-feed accounts for its trades', () => {
  it('counts each trade that fell due as sent or as lost, however many listeners were where', () => {
    const step = fc.record({ from: fc.nat(60), length: fc.nat(10), settle: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const coverage = new Coverage(0);
        const sent = new Set<number>();
        let floor = 0;
        for (const { from, length, settle } of steps) {
          // A listener is never behind the floor, as the floor is the place of the last of them.
          const first = Math.max(from, floor);
          coverage.add(first, first + length);
          for (let i = first; i < first + length; i += 1) sent.add(i);
          if (settle) {
            floor = Math.max(floor, from);
            coverage.settle(floor);
          }
        }
        const below = [...sent].filter((i) => i < floor).length;
        expect(coverage.sent).to.equal(below);
        expect(coverage.lost).to.equal(floor - below);
        expect(coverage.ahead).to.equal(sent.size - below);
      }),
    );
  });

  it('never lets a trade go out that a restart might send again', () => {
    const sends = fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 50 }), ahead: fc.nat(200), kill: fc.boolean() }),
    );
    fc.assert(
      fc.property(sends, (steps) => {
        let written = 0;
        let bookmark = new Bookmark(1000);
        const sent: number[] = [];
        for (const { count, ahead, kill } of steps) {
          const { position } = bookmark;
          const end = Math.min(1000, position + count);
          if (bookmark.reserve(end, position + ahead)) written = bookmark.bound;
          for (let i = position; i < end; i += 1) sent.push(i);
          bookmark.sentTo(end);
          if (kill) bookmark = new Bookmark(1000, written);
        }
        expect(new Set(sent).size).to.equal(sent.length);
        expect(bookmark.bound).to.be.at.most(1000);
      }),
    );
  });

  it('refuses to count what was not reserved as sent', () => {
    expect(() => {
      new Bookmark(10).sentTo(1);
    }).to.throw(RangeError);
  });
});
