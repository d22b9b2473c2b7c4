import type { FeedEvent, Trade } from '../contracts.generated.ts';
import { ConnectionBook, type RefusedIdentity, type TradeIdentity } from './connection-book.ts';
import { MinuteBook } from './minute-book.ts';
import { PROBLEMS_SHOWN, type Gap, type LedgerReport, type Problem } from './report.ts';
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

/** event_time may run ahead of received_at by what the venue's clock does. An hour is far more, and costs nothing. */
const CLOCK_AHEAD_MS = 3_600_000;

/**
 * The books of the ledger: it is fed what the topics and the stream's candles hold, in any order between them, and says what
 * does not add up. No I/O and no clock.
 *
 * State: a few numbers for each connection (see ConnectionBook) and each symbol-minute, the gaps, and nothing for a single
 * trade. Time: O(1) a record, and for the report O(connections + symbol-minutes), plus sorting what is broken.
 */
export class LedgerBook {
  private readonly feeds = new Map<string, Map<number, ConnectionBook>>();
  private readonly minutes = new MinuteBook();
  private readonly gaps: Gap[] = [];
  private readonly beginning = {
    events: new TopicBeginning(),
    trades: new TopicBeginning(),
    refused: new TopicBeginning(),
  };
  private readonly sums = { trades: 0, refused: 0, frames: 0 };

  event(event: FeedEvent, at: Place): void {
    this.connection(event.feed, event.connection_id).event(event, coordinates(at));
    this.beginning.events.record(event.feed, event.connection_id, event.last_sequence, at.partition, at.timestamp);
    if (event.event === 'gap' && event.gap_from !== null && event.gap_to !== null) {
      this.gaps.push({
        feed: event.feed,
        from: new Date(event.gap_from).toISOString(),
        to: new Date(event.gap_to).toISOString(),
        reason: event.reason,
        symbols: event.symbols,
        connection_id: event.connection_id,
      });
    }
  }

  /** An event written after the cut: it counts nothing, and says only that its connection is known. */
  laterEvent({ feed, connection_id }: Pick<FeedEvent, 'feed' | 'connection_id'>): void {
    this.connection(feed, connection_id).isNew = true;
  }

  trade(trade: LedgerTrade, at: Place): void {
    const place = coordinates(at);
    this.sums.trades++;
    this.connection(trade.feed, trade.connection_id).trade(trade.sequence, place);
    this.minutes.trade(trade.symbol, trade.event_time, place);
    this.beginning.trades.record(trade.feed, trade.connection_id, trade.sequence, at.partition, at.timestamp);
  }

  refuse(refused: RefusedIdentity, at: Place): void {
    if (refused.sequence === null) this.sums.frames++;
    else this.sums.refused++;
    this.connection(refused.feed, refused.connection_id).refuse(refused, coordinates(at));
    if (refused.sequence !== null) {
      this.beginning.refused.record(refused.feed, refused.connection_id, refused.sequence, at.partition, at.timestamp);
    }
  }

  candle(symbol: string, minute: number, trades: number): void {
    this.minutes.candle(symbol, minute, trades);
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
    for (const book of this.inOrder()) {
      // Topics are cut off by segments, so trades may outlive the events of their connection.
      const expired =
        book.counts === undefined && this.beginning.events.heldFrom(book.feed, book.id, cutOff.events) === Infinity;
      if (expired) open.expired_connections++;
      const held = {
        expired,
        trades: this.beginning.trades.heldFrom(book.feed, book.id, cutOff.trades),
        refused: this.beginning.refused.heldFrom(book.feed, book.id, cutOff.refused),
        frames: this.beginning.refused.holdsWhole(book.feed, book.id, cutOff.refused),
      };
      const balance = book.balance(book.id === this.newest(book.feed), held);
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
    const minutes = this.minutes.balance(
      this.beginning.trades.heldSince(cutOff.trades) + CLOCK_AHEAD_MS,
      PROBLEMS_SHOWN,
    );
    const stageOrder = (p: Problem): number => (p.stage === 'received' ? 0 : 1);
    problems.sort((a, b) => stageOrder(a) - stageOrder(b));
    const count = problems.length + minutes.problemCount;
    return {
      balanced: count === 0,
      stages: [
        { stage: 'received', ...received },
        { stage: 'kafka', trades: this.sums.trades, refused: this.sums.refused, refused_frames: this.sums.frames },
        { stage: 'stream_candles', trades: minutes.tradesInCandles, candles: minutes.candles },
      ],
      gaps: this.gaps,
      open: {
        ...open,
        minutes: minutes.openMinutes,
        trades_in_open_minutes: minutes.tradesInOpenMinutes,
        undecided_records: undecided,
        expired_minutes: minutes.expiredMinutes,
        trades_in_expired_minutes: minutes.tradesInExpiredMinutes,
      },
      problems: [...problems, ...minutes.problems].slice(0, PROBLEMS_SHOWN),
      problem_count: count,
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

  /** The feed's newest connection that had an event up to the cut; a younger one does not make it an old one. */
  private newest(feed: string): number {
    let newest = -Infinity;
    for (const book of this.feeds.get(feed)?.values() ?? [])
      if (book.counts !== undefined && book.id > newest) newest = book.id;
    return newest;
  }
}

/** Only what is named in a problem: a record as a whole would keep its fetch's buffer alive. */
function coordinates({ topic, partition, offset }: Place): Coordinates {
  return { topic, partition, offset };
}
