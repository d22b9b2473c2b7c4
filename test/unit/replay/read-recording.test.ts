import { expect } from 'chai';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { epochMillis } from '../../../tasks/src/lib/replay/instant.ts';
import { readRecording } from '../../../tasks/src/lib/replay/read-recording.ts';
import { Folder } from './harness.ts';

describe('replay-feed reads a recording', function () {
  this.timeout(30_000);
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.remove();
  });

  const read = async (content: string): Promise<unknown[]> => {
    const { recording } = await readRecording(folder.file('trades.csv', content));
    return Array.from({ length: recording.length }, (_, i) => ({ time: recording.time(i), ...recording.texts(i) }));
  };
  const refusal = async (content: string): Promise<string> => {
    try {
      await read(content);
    } catch (error) {
      if (error instanceof RatehouseError && error.code === 'RATEHOUSE_BAD_DATA') return error.message;
      throw error;
    }
    throw new Error('It was read.');
  };

  it('tells epoch seconds, milliseconds, microseconds and ISO 8601 apart, to the millisecond', () => {
    const same = [
      '1385337600.1239',
      '1385337600123',
      '1385337600123999',
      '2013-11-25T00:00:00.123Z',
      '2013-11-25 00:00:00.123',
    ];
    expect(same.map(epochMillis)).to.deep.equal(same.map(() => 1_385_337_600_123));
    expect(epochMillis('2013-11-25T01:00:00+01:00')).to.equal(1_385_337_600_000);
    expect(epochMillis('2013-11-25')).to.equal(1_385_337_600_000);
    expect(['', 'now', '2013-02-30', '-5', '1e9', '2013-11-25T25:00Z'].filter((t) => epochMillis(t) !== undefined)).to
      .be.empty;
  });

  it('keeps the very text of prices and amounts', async () => {
    const trades = [{ time: 1_385_337_600_000, price: '800.010000000000', volume: '1e-8' }];
    expect(await read('1385337600,800.010000000000,1e-8')).to.deep.equal(trades);
  });

  it('finds columns by their names, wherever they stand', async () => {
    const trades = [{ time: 1_385_337_600_000, price: '800.0', volume: '0.1' }];
    expect(await read('id,Qty,Date,side,PRICE\r\n7,"0.1",2013-11-25T00:00:00Z,buy,800.0\r\n')).to.deep.equal(trades);
  });

  it('puts trades into the order of their times, and leaves those of one instant as they stood', async () => {
    const { recording, reordered } = await readRecording(folder.file('t.csv', '3,1,1\n1,2,1\n3,3,1\n1,4,1\n'));
    expect(reordered).to.equal(2);
    expect([0, 1, 2, 3].map((i) => recording.texts(i).price)).to.deep.equal(['2', '4', '1', '3']);
  });

  it('holds more trades than fit into one block', async () => {
    const many = Array.from({ length: 120_000 }, (_, i) => `${1_385_337_600 + i},${i}.25,0.5`);
    const trades = await read(many.join('\n'));
    expect(trades).to.have.length(120_000);
    expect(trades[119_999]).to.deep.equal({
      time: (1_385_337_600 + 119_999) * 1000,
      price: '119999.25',
      volume: '0.5',
    });
  });

  it('names the file, the line, what was wanted and what was found', async () => {
    expect(await refusal('time,price,amount\n1,2,3\n2,1.,3\n')).to.match(
      /trades\.csv, line 3: wanted the price.*found "1\."/,
    );
    expect(await refusal('1,2,3\r\n1,2,3\n\n1,2,x\r\n')).to.match(/line 4: wanted the amount.*found "x"/);
    expect(await refusal('1,2,3\n2,5\n')).to.match(/line 2: wanted the amount.*found nothing/);
    expect(await refusal('1,2,3\nyesterday,5,1\n')).to.match(/line 2: wanted a time.*found "yesterday"/);
    expect(await refusal('when,cost,many\n1,2,3\n')).to.match(/line 1: wanted a header.*found "when,cost,many"/);
    expect(await refusal('1,NaN,3\n')).to.match(/line 1: wanted the price/);
    expect(await refusal('1,007,3\n')).to.match(/line 1: wanted the price/);
    expect(await refusal('time,price,amount\n')).to.match(/wanted at least one trade, found nothing/);
    expect(await refusal('1,"2,3\n')).to.match(/trades\.csv.*line 1/i);
  });
});
