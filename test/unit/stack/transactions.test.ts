import { expect } from 'chai';
import { readHanging } from '../../../stack/lib/transactions/hanging.ts';
import { StuckPartitions } from '../../../stack/lib/transactions/stuck-partitions.ts';

const PATIENCE = 1000;

describe('partitions in which readers of committed records wait', () => {
  let partitions: StuckPartitions;
  const stuck = (now: number, stable: number, end = 100, topic = 'trades'): string[] =>
    partitions.stuck([{ topic, partition: 0, stable, end }], now).map((each) => `${each.topic}@${each.stable}`);

  beforeEach(() => {
    partitions = new StuckPartitions(PATIENCE);
  });

  it('are told when they have waited at one offset for as long as the patience lasts', () => {
    expect(stuck(0, 10)).to.deep.equal([]);
    expect(stuck(999, 10, 200)).to.deep.equal([]);
    expect(stuck(1000, 10, 300)).to.deep.equal(['trades@10']);
  });

  it('are not told while transactions end, however many are open', () => {
    for (let now = 0; now < 10 * PATIENCE; now += 500) expect(stuck(now, 10 + now, 20 + now)).to.deep.equal([]);
  });

  it('begin anew when all of it was readable in between', () => {
    expect(stuck(0, 10)).to.deep.equal([]);
    expect(stuck(500, 10, 10)).to.deep.equal([]);
    expect(stuck(1400, 10)).to.deep.equal([]);
    expect(stuck(2400, 10)).to.deep.equal(['trades@10']);
  });

  it('are told ever more rarely while they last', () => {
    const told = Array.from({ length: 17 }, (_, n) => n * 500).filter((now) => stuck(now, 10).length > 0);
    expect(told).to.deep.equal([1000, 2000, 4000, 8000]);
  });

  it('are told apart', () => {
    expect(stuck(0, 10)).to.deep.equal([]);
    expect(stuck(500, 10, 100, 'offsets')).to.deep.equal([]);
    expect(stuck(1000, 10)).to.deep.equal(['trades@10']);
    expect(stuck(1499, 10, 100, 'offsets')).to.deep.equal([]);
    expect(stuck(1500, 10, 100, 'offsets')).to.deep.equal(['offsets@10']);
  });
});

describe("the table of Kafka's tool", () => {
  const HEAD =
    'Topic            \tPartition\tProducerId\tProducerEpoch\tCoordinatorEpoch\tStartOffset\tLastTimestamp\tDuration(min)\t';

  it('names hanging transactions', () => {
    const row =
      'connect-offsets  \t3        \t17        \t4            \t-1              \t120        \t1795000000000\t7            \t';
    expect(readHanging(`${HEAD}\n${row}\n`)).to.deep.equal([
      { topic: 'connect-offsets', partition: 3, producerId: '17', startOffset: 120 },
    ]);
  });

  it('names none', () => {
    expect(readHanging(`${HEAD}\n`)).to.deep.equal([]);
  });

  it('is refused when it is another', () => {
    expect(() => readHanging('')).to.throw(/Wanted a table with the columns/);
    expect(() => readHanging(`${HEAD}\nException in thread "main"\n`)).to.throw(/Wanted a row of find-hanging/);
  });
});
