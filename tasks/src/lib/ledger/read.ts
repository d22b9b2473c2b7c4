import { join } from 'node:path';
import { z } from 'zod';
import type { ClickHouse } from '../clickhouse.ts';
import type { Codec, TopicName, TopicValues, ValueReader } from '../contracts.ts';
import type { PartitionRange, TopicReader, TopicRecord } from '../kafka.ts';
import type { Log } from '../log.ts';
import { lastValidated } from '../plan/plan.ts';
import { ALL_OF_TIME, type Window } from '../plan/window.ts';
import type { Trino } from '../trino.ts';
import { LedgerBook, type Place } from './book.ts';
import { BronzeBook } from './bronze-book.ts';
import type { CoverageEvent } from './coverage.ts';
import { Finished } from './finished.ts';
import { HistoryBook } from './history-book.ts';
import type { CandleStage } from './minute-book.ts';
import { PinnedBronze, readBatchCandles } from './read-lake.ts';
import { newerPlans } from './read-plans.ts';
import type { LedgerReport } from './report.ts';

export interface LedgerSources {
  readonly kafka: TopicReader;
  readonly codec: Codec;
  readonly clickhouse: ClickHouse;
  readonly root: string;
  readonly log: Log;
  /** Without it the stream has no lake: there are the stages of the speed lane alone. */
  readonly trino?: Trino;
  /** The minutes, candles and gaps to look at; all without it. */
  readonly window?: Window;
}

const candleRow = z.object({ symbol: z.string(), minute: z.int(), trades: z.int() });

/**
 * Reads all stages of a stream that goes on, so that what is compared belongs together. Each stage is read before the one that
 * feeds it, and so is never ahead of it:
 *
 * 1. The plan of the last finished run: what it says of minutes and offsets was done before it could be read.
 * 2. feed-events, up to its end: the counts. A poll's trades, refused trades and events are one transaction, so what these counts
 *    speak of is written before they can be read.
 * 3. The candles: gold, which comes from the batch candles, then these, and the stream's. Batch candles are made of trades in
 *    bronze. Flink reads committed trades only: a candle's trades are committed before it can be read.
 * 4. Bronze, each table at the snapshot that it has now, history among them: so its rows may be read while Kafka is. Trades that
 *    came after the last finished run had looked are among these, so the minutes of a run that began meanwhile are known to be
 *    open, and so are, by their plans, those of a run over a window: its plan was stored before it wrote a candle.
 * 5. trades and trades-dlq, up to their ends as of now, open transactions included. Thus they hold all that the others speak of:
 *    what else they hold is newer: sequences above the counts, offsets above bronze, minutes above the newest candle. A commit is
 *    not seen in all topics at once (each partition gets a marker of its own), so the reader waits for the markers of the
 *    transactions that straddle the ends.
 *    Of coverage and trades-history only what is above the lake is read, in this order: the trades of a fetch are written before, or
 *    with, the event that covers them.
 * 6. The rest of feed-events. A connection opened after 2 may have trades in 5, but its first event was in the same transaction
 *    or an earlier one; a connection which is not there either has trades that nobody reported.
 *
 * Read the other way round (trades first, candles later), a trade that arrived between would make its candle too large.
 * A trade that is late for its stream candle is a difference in whatever order: with a lake it is counted as late, and without
 * one it is reported, and is no false alarm.
 */
export async function readLedger(sources: LedgerSources): Promise<LedgerReport> {
  const { kafka, codec, log, trino, clickhouse, root } = sources;
  const lake = trino === undefined ? undefined : new BronzeBook();
  const history = trino === undefined ? undefined : new HistoryBook();
  const window = sources.window ?? ALL_OF_TIME;
  const book = new LedgerBook(
    lake,
    history,
    sources.window === undefined ? undefined : { start: window.start.getTime(), end: window.end.getTime() },
  );
  const events = codec.reader('feed-events');
  const known = codec.reader('feed-events', ['feed', 'connection_id']);
  const trades = codec.reader('trades', ['symbol', 'event_time', 'feed', 'connection_id', 'sequence']);
  const refused = codec.reader('trades-dlq', ['feed', 'connection_id', 'sequence', 'frame']);

  const last = trino === undefined ? undefined : await lastValidated(clickhouse, root);
  const newer = last === undefined ? [] : await newerPlans(clickhouse, root, last);

  const cut = await kafka.range('feed-events');
  let undecided = await feed(sources, 'feed-events', cut, events, (event, at) => {
    book.event(event, at);
  });

  // Before the first run is validated there may be no table for gold's candles, and nobody answers for any.
  if (trino !== undefined && last !== undefined) {
    await readCandles(sources, book, 'gold', 'gold_candles.sql');
    await timed(log, 'Read the batch candles.', () => readBatchCandles({ trino, root, window }, book));
  }
  await readCandles(sources, book, 'stream_candles', 'stream_candles.sql');

  const bronze = trino === undefined ? undefined : await PinnedBronze.pin({ trino, root, window });
  if (last !== undefined) {
    const done = new Set(newer.filter((run) => run.validated).map((run) => run.plan.run_id));
    const inProgress = (await newerPlans(clickhouse, root, last)).filter((run) => !done.has(run.plan.run_id));
    book.finish(
      new Finished(
        last,
        inProgress.map((run) => run.plan),
      ),
      last.coverage,
    );
  }

  const readKafka = async (): Promise<void> => {
    if (history !== undefined) undecided += await readHistoryInFlight(sources, history);
    const tradesRange = await kafka.range('trades');
    const refusedRange = await kafka.range('trades-dlq');
    undecided += await feed(sources, 'trades', tradesRange, trades, (trade, at) => {
      book.trade(trade, at);
    });
    undecided += await feed(sources, 'trades-dlq', refusedRange, refused, (trade, at) => {
      book.refuse(trade, at);
    });
  };
  if (bronze === undefined || lake === undefined || history === undefined) await readKafka();
  else {
    await bronze.enterEnds(lake, history);
    await allOf(
      timed(log, 'Read bronze.', () => bronze.enterRows(lake, book, last)),
      readKafka(),
    );
  }

  await feed(sources, 'feed-events', after(cut, await kafka.range('feed-events')), known, (event) => {
    book.laterEvent(event);
  });

  // Asked for again: retention may have moved the beginnings while they were read.
  const beginnings = async (topic: TopicName): Promise<ReadonlySet<number>> => cutOff(await kafka.range(topic));
  return book.report(
    {
      events: await beginnings('feed-events'),
      trades: await beginnings('trades'),
      refused: await beginnings('trades-dlq'),
    },
    undecided,
  );
}

async function readHistoryInFlight(sources: LedgerSources, history: HistoryBook): Promise<number> {
  const above = async (topic: TopicName): Promise<readonly PartitionRange[]> =>
    (await sources.kafka.range(topic)).map((r) => ({
      ...r,
      from: Math.min(Math.max(r.from, history.flightFrom(topic, r.partition)), r.to),
    }));
  const events = sources.codec.reader('coverage');
  const trades = sources.codec.reader('trades-history', ['symbol', 'fetch_id', 'sequence']);
  const undecided = await feed(sources, 'coverage', await above('coverage'), events, (event, at) => {
    history.eventInFlight(coverageEvent(event, at));
  });
  return (
    undecided +
    (await feed(sources, 'trades-history', await above('trades-history'), trades, (trade, at) => {
      history.tradeInFlight(trade, { topic: at.topic, partition: at.partition, offset: at.offset });
    }))
  );
}

const coverageEvent = (event: TopicValues['coverage'], { partition, offset }: Place): CoverageEvent => ({
  symbol: event.symbol,
  from: event.covered_from,
  to: event.covered_to,
  trades: event.trade_count,
  fetch: event.fetch_id,
  unavailable: event.unavailable_reason,
  partition,
  offset,
});

async function readCandles(
  { clickhouse, root, log, window = ALL_OF_TIME }: LedgerSources,
  book: LedgerBook,
  stage: CandleStage,
  file: string,
): Promise<void> {
  await timed(log, `Read ${stage}.`, async () => {
    let candles = 0;
    const parameters = { from: window.start.getTime(), to: window.end.getTime() };
    for await (const row of clickhouse.queryFile(join(root, 'tasks', 'sql', 'ledger', file), candleRow, parameters)) {
      book.candle(stage, row.symbol, row.minute, row.trades);
      candles++;
    }
    return candles;
  });
}

async function timed(log: Log, message: string, read: () => Promise<number>): Promise<void> {
  const startedAt = Date.now();
  const rows = await read();
  log.info(message, { rows, ms: Date.now() - startedAt });
}

async function feed<T>(
  { kafka, log }: LedgerSources,
  topic: TopicName,
  ranges: readonly PartitionRange[],
  reader: ValueReader<T>,
  enter: (value: T, at: Place) => void,
): Promise<number> {
  const startedAt = Date.now();
  let count = 0;
  const batches = kafka.read(topic, ranges);
  for (;;) {
    const batch = await batches.next();
    if (batch.done === true) {
      log.info(`Read topic ${topic}.`, {
        records: count,
        ms: Date.now() - startedAt,
        undecided: batch.value.undecided,
      });
      return batch.value.undecided;
    }
    const records: readonly TopicRecord[] = batch.value;
    for (const [i, value] of (await reader.readAll(records)).entries()) {
      const at = records[i];
      if (at !== undefined) enter(value, at);
    }
    count += records.length;
  }
}

/** What was written to a topic between two looks at it. */
function after(earlier: readonly PartitionRange[], now: readonly PartitionRange[]): readonly PartitionRange[] {
  const ends = new Map(earlier.map((r) => [r.partition, r.to]));
  return now.map((r) => ({ ...r, from: Math.max(r.from, ends.get(r.partition) ?? r.from) }));
}

/** Waits for all of them, also when one fails: none is left at work behind its error. */
async function allOf(...works: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}

function cutOff(ranges: readonly PartitionRange[]): ReadonlySet<number> {
  return new Set(ranges.filter((r) => r.from > 0).map((r) => r.partition));
}
