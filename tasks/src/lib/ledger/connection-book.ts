import type { FeedEvent, RefusedTrade, Trade } from '../contracts.generated.ts';
import type { Problem, ProblemKind } from './report.ts';
import {
  SequenceSet,
  around,
  coordinatesText,
  missing,
  rangeSize,
  rangeText,
  shared,
  type Coordinates,
  type Range,
} from './sequence-set.ts';

export type TradeIdentity = Pick<Trade, 'feed' | 'connection_id' | 'sequence'>;
export type RefusedIdentity = Pick<RefusedTrade, 'feed' | 'connection_id' | 'sequence' | 'frame'>;
export type Counts = Pick<FeedEvent, 'frames' | 'trades' | 'refused' | 'refused_frames' | 'last_sequence'>;
type CountedEvent = Counts & Pick<FeedEvent, 'closed'>;

const NAMES = ['frames', 'trades', 'refused', 'refused_frames', 'last_sequence'] as const;

/** What retention has left of a connection: sequences from which on everything is held, 1 when nothing was taken away. */
export interface HeldFrom {
  /** All its events are gone. */
  readonly expired: boolean;
  readonly trades: number;
  readonly refused: number;
  /** All its refused frames are held, if there were any. They have no sequence to go by. */
  readonly frames: boolean;
}

export interface ConnectionBalance {
  readonly problems: readonly Problem[];
  readonly tradesAbove: number;
  readonly refusedAbove: number;
  readonly expired: number;
}

/**
 * One connection: what the source counted, and the identities that are in Kafka.
 * State: the runs of its sequences, so a few numbers however long it lives; with refused trades in between, one run for each.
 */
export class ConnectionBook {
  readonly feed: string;
  readonly id: number;
  counts: Counts | undefined;
  closed = false;
  /** Seen in what was written to feed-events after the cut. */
  isNew = false;
  readonly trades = new SequenceSet();
  readonly refused = new SequenceSet();
  /** Frames written to trades-dlq whole, by their number. */
  readonly refusedFrames = new SequenceSet();
  private readonly doubled = { trades: new SequenceSet(), refused: new SequenceSet(), frames: new SequenceSet() };
  private readonly early: Problem[] = [];

  constructor(feed: string, id: number) {
    this.feed = feed;
    this.id = id;
  }

  event(event: CountedEvent, at: Coordinates): void {
    const { counts } = this;
    if (event.last_sequence !== event.trades + event.refused) {
      this.early.push(
        this.problem(
          'received',
          'counts_disagree',
          `counts last sequence ${event.last_sequence}, but ${event.trades} trades and ${event.refused} refused ones`,
          { at: [coordinatesText(at)], expected: event.trades + event.refused, found: event.last_sequence },
        ),
      );
    }
    for (const name of counts === undefined ? [] : NAMES) {
      const before = counts?.[name] ?? 0;
      const wrong = this.closed ? event[name] !== before : event[name] < before;
      if (!wrong) continue;
      const kind = this.closed ? 'changed_after_close' : 'counts_went_back';
      this.early.push(
        this.problem(
          'received',
          kind,
          `counts ${event[name]} ${name} after ${before}${this.closed ? ', which were its last' : ''}`,
          { at: [coordinatesText(at)], expected: before, found: event[name] },
        ),
      );
    }
    this.counts = {
      frames: event.frames,
      trades: event.trades,
      refused: event.refused,
      refused_frames: event.refused_frames,
      last_sequence: event.last_sequence,
    };
    this.closed ||= event.closed;
  }

  trade(sequence: number, at: Coordinates): void {
    if (!this.trades.add(sequence, at)) this.doubled.trades.add(sequence, at);
  }

  refuse({ sequence, frame }: RefusedIdentity, at: Coordinates): void {
    if (sequence === null) {
      if (!this.refusedFrames.add(frame, at)) this.doubled.frames.add(frame, at);
    } else if (!this.refused.add(sequence, at)) {
      this.doubled.refused.add(sequence, at);
    }
  }

  /** `newest`: whether the feed has no newer connection. */
  balance(newest: boolean, held: HeldFrom): ConnectionBalance {
    const problems = [...this.early, ...this.doubles()];
    const { counts } = this;
    if (counts === undefined) {
      const total = this.trades.size + this.refused.size + this.refusedFrames.size;
      if (!this.isNew && !held.expired && total > 0) {
        const first = this.trades.runs[0]?.first ?? this.refused.runs[0]?.first ?? this.refusedFrames.runs[0]?.first;
        problems.push(
          this.problem('kafka', 'unknown_connection', `has ${total} records in Kafka and no event at all`, {
            at: first === undefined ? [] : [coordinatesText(first)],
            expected: 0,
            found: total,
          }),
        );
      }
      return { problems, tradesAbove: this.trades.size, refusedAbove: this.refused.size, expired: 0 };
    }
    const { last_sequence: last } = counts;
    const tradesAbove = this.trades.above(last);
    const refusedAbove = this.refused.above(last);
    if (this.closed) {
      for (const [set, ranges] of [
        [this.trades, tradesAbove],
        [this.refused, refusedAbove],
      ] as const) {
        for (const range of ranges)
          problems.push(
            this.inSet('after_close', set, range, `is there, above the last sequence ${last} of a closed connection`),
          );
      }
      const frames = this.refusedFrames.above(counts.frames);
      for (const range of frames)
        problems.push(
          this.problem(
            'kafka',
            'after_close',
            `frame ${rangeText(range)} is in trades-dlq, above the last frame ${counts.frames} of a closed connection`,
            around(this.refusedFrames, range),
          ),
        );
    } else if (!newest) {
      const above = rangeSize(tradesAbove) + rangeSize(refusedAbove);
      problems.push(
        this.problem(
          'received',
          'not_closed',
          `was not closed by its successor; ${above} trades are above its last counts`,
          { ...(tradesAbove[0] ?? refusedAbove[0] ?? {}), expected: last, found: last + above },
        ),
      );
    }
    const expired = this.identities(counts, held, problems);
    return { problems, tradesAbove: rangeSize(tradesAbove), refusedAbove: rangeSize(refusedAbove), expired };
  }

  /** Sequences 1 to the last counted one, each in exactly one topic. Returns how many retention has taken. */
  private identities(counts: Counts, held: HeldFrom, problems: Problem[]): number {
    const last = counts.last_sequence;
    const heldTrades = this.trades.countUpTo(last);
    const heldRefused = this.refused.countUpTo(last);
    const heldFrames = this.refusedFrames.countUpTo(counts.frames);
    const begin = Math.min(held.trades, last + 1);
    const absent = missing(begin, last, this.trades, this.refused);
    let expired = rangeSize(missing(1, begin - 1, this.trades, this.refused));
    const absentRefused = absent.filter((range) => range.from < held.refused);
    // With trades-dlq cut off, a hole may be a refused trade that is gone: as many as were refused, and not one more.
    const excused = held.refused > 1 && rangeSize(absentRefused) <= counts.refused - heldRefused;
    if (excused) expired += rangeSize(absentRefused);
    for (const range of excused ? absent.filter((r) => r.from >= held.refused) : absent) {
      const count = rangeSize([range]);
      problems.push(
        this.problem(
          'kafka',
          'missing',
          `${count === 1 ? 'sequence' : `${count} sequences,`} ${rangeText(range)} of ${last}: in neither trades nor trades-dlq`,
          around(this.trades, range),
        ),
      );
    }
    for (const range of shared(this.trades, this.refused))
      problems.push(this.inSet('in_both_topics', this.refused, range, 'is in trades and in trades-dlq'));
    if (held.trades <= 1 && heldTrades !== counts.trades) {
      problems.push(
        this.problem(
          'kafka',
          'trades_differ',
          `counted ${counts.trades} trades, but trades holds ${heldTrades} up to sequence ${last}`,
          { expected: counts.trades, found: heldTrades },
        ),
      );
    }
    if (held.refused <= 1 && heldRefused !== counts.refused) {
      problems.push(
        this.problem(
          'kafka',
          'refused_differ',
          `counted ${counts.refused} refused trades, but trades-dlq holds ${heldRefused} up to sequence ${last}`,
          { expected: counts.refused, found: heldRefused },
        ),
      );
    }
    if (held.frames ? heldFrames !== counts.refused_frames : heldFrames > counts.refused_frames) {
      problems.push(
        this.problem(
          'kafka',
          'refused_frames_differ',
          `counted ${counts.refused_frames} refused frames, but trades-dlq holds ${heldFrames} up to frame ${counts.frames}`,
          { expected: counts.refused_frames, found: heldFrames },
        ),
      );
    }
    return expired;
  }

  private doubles(): readonly Problem[] {
    const { trades, refused, frames } = this.doubled;
    const of = (set: SequenceSet, what: string): Problem[] =>
      set.runs.map((run) =>
        this.problem('kafka', 'doubled', `${what} ${rangeText(run)} is there more than once`, {
          from: run.from,
          to: run.to,
          at:
            run.first === run.last
              ? [coordinatesText(run.first)]
              : [coordinatesText(run.first), coordinatesText(run.last)],
        }),
      );
    return [...of(trades, 'sequence'), ...of(refused, 'refused sequence'), ...of(frames, 'refused frame')];
  }

  private inSet(kind: ProblemKind, set: SequenceSet, range: Range, what: string): Problem {
    return this.problem('kafka', kind, `sequence ${rangeText(range)} ${what}`, around(set, range));
  }

  private problem(stage: Problem['stage'], kind: ProblemKind, what: string, where: Partial<Problem>): Problem {
    return {
      stage,
      kind,
      message: `${this.feed}, connection ${this.id}: ${what}`,
      feed: this.feed,
      connection_id: this.id,
      ...where,
    };
  }
}
