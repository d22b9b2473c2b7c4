import { expect } from 'chai';
import { LedgerBook } from '../../../tasks/src/lib/ledger/book.ts';
import { BronzeBook } from '../../../tasks/src/lib/ledger/bronze-book.ts';
import { Coverage, minuteKey, type CoverageEvent } from '../../../tasks/src/lib/ledger/coverage.ts';
import { HistoryBook } from '../../../tasks/src/lib/ledger/history-book.ts';
import type { LedgerReport } from '../../../tasks/src/lib/ledger/report.ts';
import type { Coordinates } from '../../../tasks/src/lib/ledger/sequence-set.ts';
import { MINUTE, T0, event, finished } from './history.ts';

const at = (offset: number): Coordinates => ({ topic: 'trades-history', partition: 0, offset });

function coverage(given: Partial<CoverageEvent> = {}): CoverageEvent {
  return {
    symbol: 'EUR',
    from: T0,
    to: T0 + 2 * MINUTE,
    trades: 4,
    fetch: 'one',
    unavailable: null,
    partition: 0,
    offset: 0,
    ...given,
  };
}

/** Sequences `from` to `to` of a fetch, at the offsets of the same numbers. */
function run(book: HistoryBook, from: number, to: number, { copy = 1, fetch_id = 'one' } = {}): void {
  book.run({ symbol: 'EUR', fetch_id, copy, from, to, first: at(from), last: at(to), highest: to });
}

/** Four trades of one fetch: three in the first minute, one in the second. */
function fetched(change: (book: HistoryBook) => void = () => undefined): HistoryBook {
  const book = new HistoryBook();
  run(book, 1, 4);
  book.minute('one', 'EUR', T0, 3);
  book.minute('one', 'EUR', T0 + MINUTE, 1);
  book.event(coverage());
  change(book);
  return book;
}

const said = (book: HistoryBook) => book.problems().map(({ kind, from, to }) => [kind, from, to]);

describe('The trades of history', () => {
  it('balance when each sequence of a covered fetch is there once', () => {
    const book = fetched();
    expect(book.problems()).to.deep.equal([]);
    expect(book.sums).to.deep.equal({ trades: 4, in_flight: 0, uncovered: 0, incomplete: 0 });
  });

  it('are named when some are neither in bronze nor in flight, with the records around them', () => {
    const book = new HistoryBook();
    run(book, 1, 1);
    run(book, 4, 4);
    book.event(coverage());
    expect(book.problems()[0]).to.deep.include({
      stage: 'history',
      kind: 'missing',
      symbol: 'EUR',
      fetch_id: 'one',
      from: 2,
      to: 3,
      at: ['trades-history-0@1', 'trades-history-0@4'],
    });
    book.tradeInFlight({ symbol: 'EUR', fetch_id: 'one', sequence: 2 }, at(5));
    expect(said(book)).to.deep.equal([['missing', 3, 3]]);
    book.tradeInFlight({ symbol: 'EUR', fetch_id: 'one', sequence: 3 }, at(6));
    expect(book.problems()).to.deep.equal([]);
    expect(book.sums.incomplete).to.equal(1);
  });

  it('are named when some are there twice, in bronze or in flight', () => {
    expect(
      said(
        fetched((book) => {
          run(book, 2, 2, { copy: 2 });
        }),
      ),
    ).to.deep.equal([['doubled', 2, 2]]);
    const twice = fetched((book) => {
      book.tradeInFlight({ symbol: 'EUR', fetch_id: 'one', sequence: 4 }, at(9));
    });
    expect(said(twice)).to.deep.equal([['doubled', 4, 4]]);
  });

  it('are named when there are more than were counted, or in minutes that were not fetched', () => {
    expect(
      said(
        fetched((book) => {
          run(book, 5, 5);
        }),
      ),
    ).to.deep.equal([['after_close', 5, 5]]);
    const strange = fetched((book) => {
      book.minute('one', 'EUR', T0 + 2 * MINUTE, 1);
    });
    expect(strange.problems()[0]).to.deep.include({ kind: 'minute_differs', minute: '2026-01-05T12:02:00.000Z' });
  });

  it('count nowhere as long as their fetch has not ended', () => {
    const book = new HistoryBook();
    run(book, 1, 2);
    book.minute('one', 'EUR', T0, 2);
    expect(book.problems()).to.deep.equal([]);
    expect(book.sums.uncovered).to.equal(2);
    expect(book.coverage({}).of('EUR', T0)).to.equal(undefined);
  });

  it('are covered by one event: a second one of the fetch, or the same record twice, is named', () => {
    expect(
      said(
        fetched((book) => {
          book.event(coverage());
        }),
      )[0]?.[0],
    ).to.equal('doubled');
    const second = fetched((book) => {
      book.event(coverage({ offset: 7 }));
    }).problems()[0];
    expect(second?.message).to.include('the second one of its fetch');
    expect(second?.at).to.deep.equal(['coverage-0@7']);
  });
});

describe('Coverage', () => {
  const counts = new Map([
    [minuteKey('one', 'EUR', T0), 3],
    [minuteKey('two', 'EUR', T0 + MINUTE), 7],
  ]);
  const both = [coverage(), coverage({ fetch: 'two', from: T0 + MINUTE, to: T0 + 3 * MINUTE, offset: 4 })];

  it('of a minute is that of the last fetch, whole minutes at a time', () => {
    const covered = new Coverage(both, counts, { '0': 3 });
    expect(covered.of('EUR', T0)).to.deep.equal({ fetch: 'one', trades: 3, touched: false });
    expect(covered.of('EUR', T0 + MINUTE)).to.deep.equal({ fetch: 'two', trades: 7, touched: true });
    expect(covered.of('EUR', T0 + 2 * MINUTE)).to.deep.equal({ fetch: 'two', trades: 0, touched: true });
    expect(covered.of('EUR', T0 + 3 * MINUTE)).to.equal(undefined);
    expect(covered.of('GBP', T0)).to.equal(undefined);
    expect(covered.minutes).to.equal(3);
  });

  it('fills a gap when each minute that it touches is covered for each of its symbols', () => {
    const covered = new Coverage(both, counts, {});
    expect(covered.gapState(['EUR'], T0 + 1, T0 + 3 * MINUTE)).to.equal('filled');
    expect(covered.gapState(['EUR'], T0, T0 + 3 * MINUTE + 1)).to.equal('open');
    expect(covered.gapState(['EUR', 'GBP'], T0, T0 + MINUTE)).to.equal('open');
    expect(covered.gapState([], T0, T0 + MINUTE)).to.equal('open');
    expect(covered.gapState(['EUR'], T0, T0)).to.equal('filled');
  });

  it('that history cannot give makes a gap lost, once history has answered for all of it', () => {
    const gone = coverage({ symbol: 'GBP', trades: 0, fetch: 'three', unavailable: 'older than 30 days', offset: 9 });
    const covered = new Coverage([...both, gone], counts, {});
    expect(covered.of('GBP', T0)).to.equal(undefined);
    expect(covered.gapState(['GBP'], T0, T0 + MINUTE)).to.equal('lost');
    expect(covered.gapState(['EUR', 'GBP'], T0, T0 + MINUTE)).to.equal('lost');
    expect(covered.gapState(['GBP'], T0, T0 + 3 * MINUTE)).to.equal('open');
  });
});

describe('LedgerBook with history', () => {
  /** The stream had two trades in the first minute and none in the second; what batch and gold hold. */
  function report(
    held: readonly [number, number],
    change: (book: HistoryBook) => void = () => undefined,
    seen = 0,
  ): LedgerReport {
    const history = fetched(change);
    const book = new LedgerBook(new BronzeBook(), history);
    const gap = { event: 'gap', symbols: ['EUR'], gap_from: T0 + 30_000, gap_to: T0 + 90_000 };
    book.event(event({ connection_id: 1000, ...gap }), { ...at(0), topic: 'feed-events', timestamp: T0 });
    for (const [i, trades] of held.entries())
      for (const stage of ['batch_candles', 'gold'] as const)
        if (trades > 0) book.candle(stage, 'EUR', T0 + i * MINUTE, trades);
    book.bronzeMinute('EUR', T0, 2, false, 2);
    book.finish(finished(T0 + 5 * MINUTE), { '0': seen });
    return book.report();
  }
  const minutes = ({ problems }: LedgerReport) =>
    problems
      .filter((p) => p.minute !== undefined && p.stage !== 'bronze')
      .map((p) => [p.stage, p.kind, p.expected, p.found]);

  it("compares a covered minute's candles with history, and says that the gap is filled", () => {
    const found = report([3, 1]);
    expect(minutes(found)).to.deep.equal([]);
    expect(found.gaps.map(({ state }) => state)).to.deep.equal(['filled']);
    expect(found.stages.find(({ stage }) => stage === 'history')).to.deep.equal({
      stage: 'history',
      trades: 4,
      in_flight: 0,
      covered_minutes: 2,
      counted: 4,
      replaced: 2,
    });
  });

  it('names a covered minute whose candles are still those of the stream', () => {
    expect(minutes(report([2, 0]))).to.deep.equal([
      ['batch_candles', 'candle_below', 3, 2],
      ['batch_candles', 'candle_missing', 1, 0],
      ['gold', 'candle_below', 3, 2],
      ['gold', 'candle_missing', 1, 0],
    ]);
  });

  it('leaves a minute open that was covered after the last run had looked', () => {
    const found = report([3, 1], (book) => {
      book.event(coverage({ fetch: 'two', trades: 0, offset: 5 }));
    });
    expect(minutes(found)).to.deep.equal([]);
    expect(found.open.unfinished_minutes).to.equal(1);
  });

  it('wants no candle of a covered minute in which history has no trade', () => {
    const nothing = (book: HistoryBook): void => {
      book.event(coverage({ fetch: 'two', trades: 0, offset: 5 }));
    };
    expect(minutes(report([0, 0], nothing, 5))).to.deep.equal([]);
    expect(minutes(report([3, 0], nothing, 5))[0]).to.deep.equal(['batch_candles', 'candle_above', 0, 3]);
  });
});
