import { expect } from 'chai';
import fc from 'fast-check';
import { CommittedRecords, type LoggedRecord } from '../../../tasks/src/lib/kafka-committed.ts';

function logged(offset: number, given: Partial<LoggedRecord> = {}): LoggedRecord {
  return {
    offset,
    timestamp: 0,
    key: null,
    value: null,
    producerId: 'p',
    inTransaction: true,
    marker: undefined,
    ...given,
  };
}

function visible(log: readonly LoggedRecord[]): readonly number[] {
  const committed = new CommittedRecords();
  return log.flatMap((r) => committed.accept(r)).map((r) => r.offset);
}

describe('CommittedRecords', () => {
  it('shows a transaction when it is committed, and never when it is aborted', () => {
    expect(visible([logged(0), logged(1), logged(2, { marker: 'commit' })])).to.deep.equal([0, 1]);
    expect(visible([logged(0), logged(1), logged(2, { marker: 'abort' })])).to.deep.equal([]);
    expect(visible([logged(0), logged(1)])).to.deep.equal([]);
  });

  it('shows a record outside of transactions at once, also behind an open one', () => {
    expect(visible([logged(0), logged(1, { producerId: '-1', inTransaction: false })])).to.deep.equal([1]);
  });

  it('counts what is undecided below an offset only', () => {
    const committed = new CommittedRecords();
    for (const record of [logged(0), logged(1), logged(2), logged(3, { producerId: 'q' })]) committed.accept(record);
    expect(committed.undecidedBelow(2)).to.equal(2);
    committed.accept(logged(4, { marker: 'abort' }));
    expect(committed.undecidedBelow(2)).to.equal(0);
    expect(committed.undecidedBelow(4)).to.equal(1);
  });

  it('tells any interleaving of producers apart', () => {
    const action = fc.record({
      producer: fc.constantFrom('p', 'q', 'r'),
      what: fc.constantFrom<'write' | 'commit' | 'abort'>('write', 'write', 'write', 'commit', 'abort'),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const log: LoggedRecord[] = [];
        const wanted: number[] = [];
        const open = new Map<string, number[]>();
        for (const [offset, { producer, what }] of actions.entries()) {
          if (what === 'write') {
            log.push(logged(offset, { producerId: producer }));
            open.set(producer, [...(open.get(producer) ?? []), offset]);
          } else {
            log.push(logged(offset, { producerId: producer, marker: what }));
            if (what === 'commit') wanted.push(...(open.get(producer) ?? []));
            open.delete(producer);
          }
        }
        expect(visible(log)).to.deep.equal(wanted);
      }),
    );
  });
});
