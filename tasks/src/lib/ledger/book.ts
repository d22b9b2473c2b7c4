import type { FeedEvent, Trade } from '../contracts.generated.ts';
import type { BronzeBook, KnownConnection } from './bronze-book.ts';
import { ConnectionBook, type RefusedIdentity, type TradeIdentity } from './connection-book.ts';
import { NOTHING_COVERED } from './coverage.ts';
import type { Finished } from './finished.ts';
import type { HistoryBook } from './history-book.ts';
import { MinuteBook, type Broken, type CandleStage, type MinuteWindow } from './minute-book.ts';
import { PROBLEMS_SHOWN, type Gap, type LedgerReport, type Problem, type StageName } from './report.ts';
import { TopicBeginning } from './retention.ts';
import type { Coordinates } from './sequence-set.ts';

/** A place in a topic, with the record's own time: when it was received. */
export interface Place extends Coordinates {
  readonly timestamp: number;
}

export type LedgerTrade = TradeIdentity & Pick<Trade, 'symbol' | 'event_time'>;

/** Partitions whose beginning retention has taken. */
export interface CutOff {
  readonly events: ReadonlySet<number>;
  readonly trades: ReadonlySet<number>;
  readonly refused: ReadonlySet<number>;
}

const NOTHING_CUT_OFF: CutOff = { events: new Set(), trades: new Set(), refused: new Set() };

const STAGES: readonly StageName[] = [
  'received',
  'kafka',
  'bronze',
  'history',
  'stream_candles',
  'batch_candles',
  'gold',
];

/** How long the stream may take to show all trades of a symbol that has fallen silent: seconds, or as long as it is down. */
export const SETTLED_MS = 600_000;
/** event_time may run ahead of received_at by what the venue's clock does. An hour is far more, and costs nothing. */
const CLOCK_AHEAD_MS = 3_600_000;

/**
 * The books of the ledger: it is fed what each stage holds and says what does not add up. The stages may come in any order, but
 * for bronze, which comes before the topics: what is above it is in flight. No I/O and no clock.
 *
 * State: a few numbers for each connection (see ConnectionBook) and each symbol-minute, the gaps, and nothing for a single
 * trade. Time: O(1) a record, and for the report O(connections + symbol-minutes), plus sorting what is broken.
 */
export class LedgerBook {
  private readonly feeds = new Map<string, Map<number, ConnectionBook>>();
  private readonly minutes: MinuteBook;
  private readonly gaps: Omit<Gap, 'state'>[] = [];
  private readonly beginning = {
    events: new TopicBeginning(),
    trades: new TopicBeginning(),
    refused: new TopicBeginning(),
  };
  /** The lake's identities; undefined for a stream that has no lake. */
  private readonly lake: BronzeBook | undefined;
  private readonly window: MinuteWindow | undefined;
  private finished: Finished | undefined;
  private coverageSeen: Readonly<Record<string, number>> = {};
  private readonly sums = { trades: 0, refused: 0, frames: 0 };
  /** When the newest record of any topic was written, epoch ms: how far time has come for the ledger. */
  private newestWrite = -Infinity;

  /** The trades of history; undefined for a stream that has no lake. */
  private readonly history: HistoryBook | undefined;

  /** @param window of the minutes that are looked at; all when undefined */
  constructor(lake?: BronzeBook, history?: HistoryBook, window?: MinuteWindow) {
    this.lake = lake;
    this.history = history;
    this.window = window;
    this.minutes = new MinuteBook(window);
  }

  event(event: FeedEvent, at: Place): void {
    this.newestWrite = Math.max(this.newestWrite, at.timestamp);
    this.connection(event.feed, event.connection_id).event(event, coordinates(at));
    this.beginning.events.record(
      taskOf(event.feed, event.connection_id),
      event.connection_id,
      event.last_sequence,
      at.partition,
      at.timestamp,
    );
    if (event.event === 'gap' && event.gap_from !== null && event.gap_to !== null) {
      const { window } = this;
      if (window !== undefined && (event.gap_from >= window.end || event.gap_to < window.start)) return;
      this.gaps.push({
        feed: event.feed,
        from: new Date(event.gap_from).toISOString(),
        to: new Date(event.gap_to).toISOString(),
        reason: event.reason,
        symbols: event.symbols,
        connection_id: event.connection_id,
        first_missing_id: event.first_missing_id,
        last_missing_id: event.last_missing_id,
      });
    }
  }

  /** An event written after the cut: it counts nothing, and says only that its connection is known. */
  laterEvent({ feed, connection_id }: Pick<FeedEvent, 'feed' | 'connection_id'>): void {
    this.connection(feed, connection_id).isNew = true;
  }

  trade(trade: LedgerTrade, at: Place): void {
    const place = coordinates(at);
    this.newestWrite = Math.max(this.newestWrite, at.timestamp);
    this.sums.trades++;
    this.connection(trade.feed, trade.connection_id).trade(trade.sequence, place);
    const inFlight = this.lake?.trade(trade, place) ?? false;
    this.minutes.trade(trade.symbol, trade.event_time, place, inFlight, at.timestamp);
    this.beginning.trades.record(
      taskOf(trade.feed, trade.connection_id),
      trade.connection_id,
      trade.sequence,
      at.partition,
      at.timestamp,
    );
  }

  refuse(refused: RefusedIdentity, at: Place): void {
    if (refused.sequence === null) this.sums.frames++;
    else this.sums.refused++;
    const place = coordinates(at);
    this.connection(refused.feed, refused.connection_id).refuse(refused, place);
    this.lake?.refuse(refused, place);
    if (refused.sequence !== null) {
      this.beginning.refused.record(
        taskOf(refused.feed, refused.connection_id),
        refused.connection_id,
        refused.sequence,
        at.partition,
        at.timestamp,
      );
    }
  }

  candle(stage: CandleStage, symbol: string, minute: number, trades: number): void {
    this.minutes.candle(stage, symbol, minute, trades);
  }

  /** @param lateAtMost how many of the trades came when the stream's windows of this minute may have been closed */
  bronzeMinute(symbol: string, minute: number, trades: number, touched: boolean, lateAtMost: number): void {
    this.minutes.bronze(symbol, minute, trades, touched, lateAtMost);
  }

  /**
   * Which minutes the finished runs answer for; without it, none.
   * @param coverageSeen how far the last of them had read topic coverage: the last offset of each partition
   */
  finish(finished: Finished, coverageSeen: Readonly<Record<string, number>> = {}): void {
    this.finished = finished;
    this.coverageSeen = coverageSeen;
  }

  report(cutOff: CutOff = NOTHING_CUT_OFF, undecided = 0): LedgerReport {
    const received = { trades: 0, refused: 0, refused_frames: 0, connections: 0 };
    const open = {
      trades_above_counts: 0,
      refused_above_counts: 0,
      new_connections: 0,
      expired_connections: 0,
      expired_sequences: 0,
    };
    const problems: Problem[] = [];
    const known: KnownConnection[] = [];
    for (const book of this.inOrder()) {
      const task = taskOf(book.feed, book.id);
      // Topics are cut off by segments, so trades may outlive the events of their connection.
      const expired =
        book.counts === undefined && this.beginning.events.heldFrom(task, book.id, cutOff.events) === Infinity;
      if (expired) open.expired_connections++;
      const held = {
        expired,
        trades: this.beginning.trades.heldFrom(task, book.id, cutOff.trades),
        refused: this.beginning.refused.heldFrom(task, book.id, cutOff.refused),
        frames: this.beginning.refused.holdsWhole(task, book.id, cutOff.refused),
      };
      known.push({
        feed: book.feed,
        id: book.id,
        counts: book.counts,
        closed: book.closed,
        isNew: book.isNew,
        trades: book.trades,
        refused: book.refused,
        heldTrades: held.trades,
        heldRefused: held.refused,
      });
      const balance = book.balance(book.id === this.newest(book), held);
      problems.push(...balance.problems);
      received.trades += book.counts?.trades ?? 0;
      received.refused += book.counts?.refused ?? 0;
      received.refused_frames += book.counts?.refused_frames ?? 0;
      received.connections += book.counts === undefined ? 0 : 1;
      open.trades_above_counts += balance.tradesAbove;
      open.refused_above_counts += balance.refusedAbove;
      open.new_connections += book.counts === undefined && book.isNew ? 1 : 0;
      open.expired_sequences += balance.expired;
    }
    const { lake } = this;
    if (lake !== undefined) {
      problems.push(...lake.problems(known));
      // Connections whose events are gone from Kafka are remembered by the lake.
      for (const counts of lake.counts) {
        const book = this.feeds.get(counts.feed)?.get(counts.connection_id);
        if (book?.counts !== undefined || book?.isNew === true) continue;
        received.trades += counts.trades;
        received.refused += counts.refused;
        received.refused_frames += counts.refused_frames;
        received.connections++;
      }
    }
    const heldFrom = this.beginning.trades.heldSince(cutOff.trades) + CLOCK_AHEAD_MS;
    const { history } = this;
    const coverage = history?.coverage(this.coverageSeen) ?? NOTHING_COVERED;
    for (const [symbol, minute] of history?.minutes() ?? []) this.minutes.note(symbol, minute);
    problems.push(...(history?.problems() ?? []));
    const stream = this.minutes.streamBalance(heldFrom, this.newestWrite - SETTLED_MS, lake !== undefined);
    const lanes = this.minutes.laneBalance((symbol, minute) => this.finished?.has(symbol, minute) ?? false, coverage);
    const minutes = [
      ...(lake === undefined ? [] : this.minutes.bronzeDifferences(heldFrom)),
      ...stream.broken,
      ...lanes.broken,
    ];
    const count = problems.length + minutes.length;
    const stages: LedgerReport['stages'] = [
      { stage: 'received', ...received },
      { stage: 'kafka', trades: this.sums.trades, refused: this.sums.refused, refused_frames: this.sums.frames },
      ...(lake === undefined ? [] : [{ stage: 'bronze' as const, ...lake.stage }]),
      ...(history === undefined || history.isEmpty
        ? []
        : [
            {
              stage: 'history' as const,
              trades: history.sums.trades,
              in_flight: history.sums.in_flight,
              covered_minutes: coverage.minutes,
              counted: lanes.counted,
              replaced: lanes.replaced,
            },
          ]),
      {
        stage: 'stream_candles',
        trades: stream.tradesInCandles,
        candles: stream.candles,
        ...(lake === undefined ? {} : { late: stream.late }),
      },
      ...(lake === undefined
        ? []
        : [
            { stage: 'batch_candles' as const, ...lanes.batch },
            { stage: 'gold' as const, ...lanes.gold },
          ]),
    ];
    return {
      balanced: count === 0,
      window:
        this.window === undefined
          ? null
          : { start: new Date(this.window.start).toISOString(), end: new Date(this.window.end).toISOString() },
      stages,
      gaps: this.gaps.map((gap) => ({
        ...gap,
        state: coverage.gapState(gap.symbols, Date.parse(gap.from), Date.parse(gap.to)),
      })),
      open: {
        ...open,
        refused_in_flight: lake?.sums.refused_in_flight ?? 0,
        minutes: stream.openMinutes,
        trades_in_open_minutes: stream.tradesInOpenMinutes,
        unfinished_minutes: lanes.unfinishedMinutes,
        trades_in_unfinished_minutes: lanes.tradesInUnfinishedMinutes,
        uncovered_history_trades: history?.sums.uncovered ?? 0,
        incomplete_coverages: history?.sums.incomplete ?? 0,
        undecided_records: undecided,
        expired_minutes: stream.expiredMinutes,
        trades_in_expired_minutes: stream.tradesInExpiredMinutes,
      },
      problems: shown(problems, minutes),
      problem_count: count,
      problems_by_stage: stages.map(({ stage }) => ({
        stage,
        problems: [...problems, ...minutes].filter((problem) => problem.stage === stage).length,
      })),
    };
  }

  private connection(feed: string, id: number): ConnectionBook {
    let connections = this.feeds.get(feed);
    if (connections === undefined) this.feeds.set(feed, (connections = new Map<number, ConnectionBook>()));
    let book = connections.get(id);
    if (book === undefined) connections.set(id, (book = new ConnectionBook(feed, id)));
    return book;
  }

  /** By feed, then age. */
  private inOrder(): readonly ConnectionBook[] {
    return [...this.feeds.values()].flatMap((connections) => [...connections.values()].sort((a, b) => a.id - b.id));
  }

  /** The newest connection of its task that had an event up to the cut; a younger one does not make it an old one. */
  private newest({ feed, id }: ConnectionBook): number {
    const task = taskOf(feed, id);
    let newest = -Infinity;
    for (const book of this.feeds.get(feed)?.values() ?? [])
      if (book.counts !== undefined && book.id > newest && taskOf(feed, book.id) === task) newest = book.id;
    return newest;
  }
}

/**
 * A feed's connections follow one another, but each of its tasks has one of its own: the last three digits of connection_id are
 * the task's number.
 */
const taskOf = (feed: string, connection: number): string => `${feed} ${connection % 1000}`;

/** Only what is named in a problem: a record as a whole would keep its fetch's buffer alive. */
function coordinates({ topic, partition, offset }: Place): Coordinates {
  return { topic, partition, offset };
}

/** The first problems by stage, for what is wrong early on is often why a later stage is; then by age. */
function shown(identities: readonly Problem[], minutes: readonly Broken[]): readonly Problem[] {
  const order = ({ stage }: { readonly stage: StageName }): number => STAGES.indexOf(stage);
  const oldest = minutes.toSorted(
    (a, b) => order(a) - order(b) || a.start - b.start || (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0),
  );
  return [...identities, ...oldest.slice(0, PROBLEMS_SHOWN).map((minute) => minute.problem())]
    .sort((a, b) => order(a) - order(b))
    .slice(0, PROBLEMS_SHOWN);
}
