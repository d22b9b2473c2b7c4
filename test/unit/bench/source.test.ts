import { expect } from 'chai';
import fc from 'fast-check';
import { quantile } from '../../bench/lib/quantile.ts';
import { readFrame } from '../../bench/source/bridge/frame.ts';
import { Tally } from '../../bench/source/tally.ts';
import { numberOf, SYMBOLS, TradeBlock } from '../../bench/source/trade-block.ts';

/** The payloads of unmasked text frames, taken apart by RFC 6455 and not by what wrote them. */
function payloads(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).to.equal(0x81);
    const short = bytes[at + 1] ?? 0;
    const head = short < 126 ? 2 : 4;
    const length = short < 126 ? short : bytes.readUInt16BE(at + 2);
    found.push(bytes.toString('utf8', at + head, at + head + length));
    at += head + length;
  }
  return found;
}

describe('the feed of the source bench', () => {
  it('sends each trade under its own number and the time it was given, in frames of the size asked for', () => {
    const block = new TradeBlock(7, 10);
    block.stamp(99_999_000, 1_700_000_000_000);
    const frames = payloads(block.stamp(41, 1_732_698_123_456)).map(readFrame);
    const trades = frames.flat();
    expect(frames.map((frame) => frame.length)).to.deep.equal(Array(7).fill(10));
    expect(trades.map((trade) => numberOf(trade.v))).to.deep.equal(Array.from({ length: 70 }, (_, i) => 41 + i));
    expect(new Set(trades.map((trade) => trade.t))).to.deep.equal(new Set([1_732_698_123_456]));
    expect(new Set(trades.map((trade) => trade.s))).to.deep.equal(new Set(SYMBOLS));
  });

  it('sends whole frames when only some are due', () => {
    expect(payloads(new TradeBlock(100, 1).stamp(5, 1_732_698_123_456, 3)).map(readFrame)).to.have.length(3);
  });
});

describe('the count at the end of a run of the source bench', () => {
  const trade = (number: number, sequence: number, connection_id = 1) => ({
    volume: `1.${String(number).padStart(8, '0')}`,
    connection_id,
    sequence,
  });
  const tally = (...trades: ReturnType<typeof trade>[]): Tally => {
    const found = new Tally({ from: 10, to: 13 });
    trades.forEach((one, offset) => {
      found.add(one, offset);
    });
    return found;
  };

  it('finds nothing wrong when each trade came once, in whatever order', () => {
    const all = tally(trade(12, 3), trade(10, 1), trade(11, 1, 2));
    expect(all.complete).to.equal(true);
    expect(all.fault()).to.equal(undefined);
  });

  for (const [what, trades, fault] of [
    ['a trade that is missing', [trade(10, 1), trade(12, 2)], '1 are missing'],
    ['a trade that came twice', [trade(10, 1), trade(11, 2), trade(12, 3), trade(11, 4)], '1 are there again'],
    ['a trade that was not sent', [trade(10, 1), trade(11, 2), trade(12, 3), trade(13, 4)], '1 were never sent'],
    [
      'a volume that is not exact',
      [trade(10, 1), trade(11, 2), trade(12, 3), { ...trade(0, 4), volume: '1.0000001' }],
      '1 were never sent',
    ],
    ['two trades of one identity', [trade(10, 1), trade(11, 1), trade(12, 2)], '1 have the identity of another'],
  ] as const) {
    it(`names ${what}`, () => {
      expect(tally(...trades).fault()).to.include(fault);
    });
  }
});

describe('the bridge of the source bench', () => {
  it('keeps numbers as they are written, whatever their digits', () => {
    const digits = fc.tuple(fc.bigInt(0n, 10n ** 17n), fc.stringMatching(/^[0-9]{1,8}$/));
    fc.assert(
      fc.property(digits, digits, fc.string(), ([whole, part], [more, rest], symbol) => {
        const [p, v, s] = [`${whole}.${part}`, `-${more}.${rest}`, JSON.stringify(symbol)];
        const [trade] = readFrame(`{"data":[{"c":null,"p":${p},"s":${s},"t":1,"v":${v}}],"type":"trade"}`);
        expect(trade).to.deep.equal({ c: null, p, s: symbol, t: 1, v });
      }),
    );
  });

  it('fails at a frame that it does not know', () => {
    expect(() => readFrame('{"type":"error","msg":"no"}')).to.throw('not one of trades');
    expect(() => readFrame('{"type":"trade","data":[{"s":"A","p":1,"v":2}]}')).to.throw('not one of trades');
    expect(() => readFrame('{"type":"trade","data":[{"c":null,"s":"A","p":"1","v":1e5,"t":1}]}')).to.throw('not one');
  });
});

describe('quantile', () => {
  it('is the smallest value that the share of the sample does not exceed', () => {
    const sample = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0.5, 0.99, 1, 0.001].map((q) => quantile(sample, q))).to.deep.equal([50, 99, 100, 1]);
    expect(() => quantile([], 0.5)).to.throw('empty');
  });
});
