/** One thing that does not add up. `message` says it for a person; the rest says where, for a program. */
export type Problem = {
  readonly stage: 'received' | 'kafka' | 'stream_candles';
  readonly kind: ProblemKind;
  readonly message: string;
  readonly feed?: string;
  readonly connection_id?: number;
  /** Sequences, inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Kafka coordinates, topic-partition@offset: of the record itself, or of those around what is missing. */
  readonly at?: readonly string[];
  readonly symbol?: string;
  readonly minute?: string;
  readonly expected?: number;
  readonly found?: number;
};

export type ProblemKind =
  /** received: the source's own counts contradict each other. */
  | 'counts_disagree'
  | 'counts_went_back'
  | 'changed_after_close'
  | 'not_closed'
  /** kafka: the identities in the topics are not those that were counted. */
  | 'unknown_connection'
  | 'missing'
  | 'doubled'
  | 'in_both_topics'
  | 'after_close'
  | 'trades_differ'
  | 'refused_differ'
  | 'refused_frames_differ'
  /** stream_candles: the candles do not hold the trades of their minutes. */
  | 'candle_below'
  | 'candle_above'
  | 'candle_missing'
  | 'candle_doubled';

export type Gap = {
  readonly feed: string;
  /** Our time, ISO; [from, to). */
  readonly from: string;
  readonly to: string;
  readonly reason: string | null;
  readonly symbols: readonly string[];
  readonly connection_id: number;
};

/** The state of each stage: received.trades + open.trades_above_counts = kafka.trades = stream_candles.trades + open.trades_in_open_minutes. */
export type Stage =
  | {
      readonly stage: 'received';
      readonly trades: number;
      readonly refused: number;
      readonly refused_frames: number;
      readonly connections: number;
    }
  | { readonly stage: 'kafka'; readonly trades: number; readonly refused: number; readonly refused_frames: number }
  | { readonly stage: 'stream_candles'; readonly trades: number; readonly candles: number };

/** What cannot be judged yet, and what cannot be judged any more. */
export type Open = {
  /** Newer than the last counts of their connection. */
  readonly trades_above_counts: number;
  readonly refused_above_counts: number;
  /** Younger than the cut of feed-events. */
  readonly new_connections: number;
  /** Above the newest candle of their symbol. */
  readonly minutes: number;
  readonly trades_in_open_minutes: number;
  /** In transactions that had neither been committed nor aborted. */
  readonly undecided_records: number;
  /** Gone from Kafka by its retention: a connection's events, or identities. */
  readonly expired_connections: number;
  readonly expired_sequences: number;
  readonly expired_minutes: number;
  readonly trades_in_expired_minutes: number;
};

export type LedgerReport = {
  readonly balanced: boolean;
  readonly stages: readonly Stage[];
  readonly gaps: readonly Gap[];
  readonly open: Open;
  /** The first hundred. */
  readonly problems: readonly Problem[];
  readonly problem_count: number;
};

export const PROBLEMS_SHOWN = 100;
