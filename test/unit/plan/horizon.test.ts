import { expect } from 'chai';
import { horizonOf, type PartitionFacts } from '../../../tasks/src/lib/plan/horizon.ts';

const facts = (changes: Partial<PartitionFacts>): PartitionFacts => ({
  partition: 0,
  last: { offset: 99, timestamp: 1000 },
  next: undefined,
  undecided: 0,
  ...changes,
});

describe('the horizon of the lake', () => {
  it('is the time of the first record that the lake does not hold', () => {
    expect(horizonOf([facts({ next: 1500 })], 9000)).to.equal(1500);
  });

  it('is that of the partition which is furthest behind', () => {
    expect(horizonOf([facts({ next: 1500 }), facts({ partition: 1, next: 1200 })], 9000)).to.equal(1200);
  });

  it('is not held up by a partition whose end was reached, nor by one that never had a record', () => {
    expect(horizonOf([facts({ next: 1500 }), facts({ partition: 1, last: undefined })], 9000)).to.equal(1500);
    expect(horizonOf([facts({}), facts({ partition: 1, last: undefined })], 9000)).to.equal(9000);
  });

  it('moves on with the events of the feed when no trade comes', () => {
    expect(horizonOf([facts({})], 1000)).to.equal(1000);
    expect(horizonOf([facts({})], 61_000)).to.equal(61_000);
  });

  it('never goes beyond the newest record that was seen before the ends were taken', () => {
    expect(horizonOf([facts({ next: 9500 })], 9000)).to.equal(9000);
  });

  it('stays at the last record of a partition where transactions are open, for their times are not known', () => {
    expect(horizonOf([facts({ undecided: 3 })], 9000)).to.equal(1000);
  });

  it('is known for no time when transactions are open in a partition of which the lake holds nothing', () => {
    expect(horizonOf([facts({ last: undefined, undecided: 1 })], 9000)).to.equal(undefined);
  });

  it('is known for no time when there is no record anywhere', () => {
    expect(horizonOf([facts({ last: undefined })], undefined)).to.equal(undefined);
    expect(horizonOf([], undefined)).to.equal(undefined);
  });
});
