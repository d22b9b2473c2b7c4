import { expect } from 'chai';
import { allJobs } from '../../../tasks/src/lib/flink/cluster.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { jobMetric } from '../../support/flink/metrics.ts';
import { expectedOf, macdOf, type Expected } from '../../support/flink/oracle.ts';
import { differences, shownAverages, shownCandles, shownMacd } from '../../support/flink/read-back.ts';
import { FlinkStack } from '../../support/flink/stack.ts';
import { generateFeed, type FeedTrade } from '../../support/flink/trades.ts';
import type { TradeWriter } from '../../support/flink/writer.ts';

const SYMBOLS = 200;
/** The last one gets no trade. */
const PARTITIONS = 4;
const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;

const partitionOf = (symbol: string): number => Number(symbol.slice(-3)) % (PARTITIONS - 1);

describe('200 symbols over four partitions, of which one is empty', () => {
  const test = new FlinkStack(24_000);
  const start = Math.floor(Date.now() / MINUTE) * MINUTE - 4 * HALF_HOUR;
  const first = generateFeed({ symbols: SYMBOLS, start, minutes: 30, rate: 6, seed: 1 });
  const second = generateFeed({
    symbols: SYMBOLS,
    start: start + HALF_HOUR,
    minutes: 30,
    rate: 6,
    seed: 2,
    firstSequence: first.length + 1,
  });
  let writer: TradeWriter;
  let jobs: ReadonlyMap<string, string>;

  before(async () => {
    await test.begin(PARTITIONS);
    writer = await test.writer(partitionOf);
    jobs = new Map((await test.mustSync()).map(({ name, job_id }) => [name, job_id ?? '']));
  });

  after(async () => {
    await test.remove();
  });

  /** Waits until the stream shows all candles that these trades make, those too that no later trade closes. */
  async function shows(trades: readonly FeedTrade[]): Promise<Expected> {
    const expected = expectedOf(trades);
    await waitFor(async () => differences(await shownCandles(test), expected.candles).length === 0, {
      what: 'every candle',
      timeoutMs: 240_000,
      intervalMs: 3000,
    }).catch(() => undefined);
    expect(differences(await shownCandles(test), expected.candles)).to.deep.equal([]);
    return expected;
  }

  it('an empty partition holds nothing back', async () => {
    const one = first.filter((trade) => partitionOf(trade.symbol) === 0);
    await writer.write(one);
    await shows(one);
  });

  it('a burst into partitions that were idle loses nothing, though its trades are half an hour behind the others', async () => {
    const rest = first.filter((trade) => partitionOf(trade.symbol) !== 0);
    await writer.write(rest);
    await shows(first);
  });

  it('counts as late what the oracle does, and no more', async () => {
    const { late } = expectedOf(first);
    expect(late).to.be.above(100);
    await waitFor(async () => (await jobMetric(test.flink, jobs.get('trade-windows') ?? '', 'lateTrades')) >= late, {
      what: 'the count of late trades',
      timeoutMs: 60_000,
    });
    expect(await jobMetric(test.flink, jobs.get('trade-windows') ?? '', 'lateTrades')).to.equal(late);
  });

  it('task manager, gateway, broker and job manager are killed, each in turn, while trades come in', async () => {
    const victims = ['flink-taskmanager', 'flink-sql-gateway', 'kafka', 'flink-jobmanager'];
    const part = Math.ceil(second.length / victims.length);
    for (const [i, victim] of victims.entries()) {
      await Promise.all([writer.write(second.slice(i * part, (i + 1) * part)), test.kill(victim)]);
    }
    const actions = (await test.mustSync()).map(({ action }) => action);
    expect(actions).to.deep.equal(['resume', 'resume']);
    expect((await allJobs(test.flink)).filter(({ state }) => state === 'RUNNING')).to.have.length(2);
  });

  describe('leaves as read, for every symbol and window,', () => {
    let expected: Expected;

    it("the oracle's candles, to the last digit, with the identities of their first and last trades", async () => {
      expected = await shows([...first, ...second]);
      expect(expected.candles.size).to.be.above(SYMBOLS * 40);
    });

    it("the oracle's moving averages: simple, by volume, and by minute", async () => {
      const found = await shownAverages(test);
      // The last windows are shown as the clock goes on, for up to five minutes.
      expect(differences(found, expected.averages, false)).to.deep.equal([]);
      const open = [...expected.averages.keys()].filter((key) => !found.has(key));
      const end = start + 2 * HALF_HOUR;
      expect(open.filter((key) => Number(key.split(' ')[2]) < end - 10 * MINUTE)).to.deep.equal([]);
    });

    it('the MACD of its candles, to 1e-9', async () => {
      const wanted = new Map<string, [number, number]>();
      for (const symbol of new Set([...expected.candles.keys()].map((key) => key.split(' ')[0] ?? ''))) {
        const bars = [...expected.candles]
          .filter(([key]) => key.startsWith(`${symbol} `))
          .map(([key, { close }]) => ({ start: Number(key.split(' ')[1]), close: Number(close) }))
          .sort((a, b) => a.start - b.start);
        macdOf(bars.map(({ close }) => close)).forEach((row, i) =>
          wanted.set(`${symbol} ${bars[i + 33]?.start ?? NaN}`, row),
        );
      }
      await waitFor(async () => (await shownMacd(test)).size >= wanted.size, {
        what: 'the MACD of every candle',
        timeoutMs: 60_000,
      });
      const found = await shownMacd(test);
      const wrong = [...wanted].filter(([key, row]) =>
        row.some(
          (value, i) => !(Math.abs(value - (found.get(key)?.[i] ?? NaN)) <= 1e-9 * Math.max(1, Math.abs(value))),
        ),
      );
      expect(wrong.slice(0, 5).map(([key, row]) => ({ key, row, found: found.get(key) }))).to.deep.equal([]);
      expect(found.size).to.equal(wanted.size);
      expect(wanted.size).to.be.above(SYMBOLS * 10);
    });
  });
});
