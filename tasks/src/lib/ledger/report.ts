import type { GapState } from './coverage.ts';

export type StageName = 'received' | 'kafka' | 'bronze' | 'history' | 'stream_candles' | 'batch_candles' | 'gold';

/** One thing that does not add up. `message` says it for a person; the rest says where, for a program. */
export type Problem = {
  readonly stage: StageName;
  readonly kind: ProblemKind;
  readonly message: string;
  readonly feed?: string;
  readonly connection_id?: number;
  /** Of history. */
  readonly fetch_id?: string;
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
  /** kafka, bronze and history: the identities that are there are not those that were counted. */
  | 'unknown_connection'
  | 'missing'
  | 'doubled'
  | 'in_both_topics'
  | 'after_close'
  | 'trades_differ'
  | 'refused_differ'
  | 'refused_frames_differ'
  /** bronze: it is not what Kafka holds. */
  | 'not_in_kafka'
  | 'coordinates_doubled'
  | 'minute_differs'
  /** stream_candles, batch_candles and gold: the candles do not hold the trades of their minutes. */
  | 'candle_below'
  | 'candle_above'
  | 'candle_missing'
  | 'candle_doubled';

export type Gap = {
  readonly feed: string;
  /** Filled: history covers all of it. Lost: history has answered, and cannot. */
  readonly state: GapState;
  /** Our time, ISO; [from, to). */
  readonly from: string;
  readonly to: string;
  readonly reason: string | null;
  readonly symbols: readonly string[];
  readonly connection_id: number;
  /** The venue's trade ids that prove it, inclusive; null where nothing does. */
  readonly first_missing_id: string | null;
  readonly last_missing_id: string | null;
};

/**
 * The state of each stage, and how the rows add up where retention has taken nothing:
 *
 *     received.trades + open.trades_above_counts = kafka.trades = bronze.trades + bronze.in_flight
 *     stream_candles.trades + late + open.trades_in_open_minutes = kafka.trades
 *     batch_candles.trades = gold.trades = bronze.trades - open.trades_in_unfinished_minutes - history.replaced + history.counted
 *
 * There is a stage history where anything was ever fetched. A stream without a lake has the stages received, kafka and
 * stream_candles alone, and nothing is late for it.
 */
export type Stage =
  | {
      readonly stage: 'received';
      readonly trades: number;
      readonly refused: number;
      readonly refused_frames: number;
      readonly connections: number;
    }
  | { readonly stage: 'kafka'; readonly trades: number; readonly refused: number; readonly refused_frames: number }
  | {
      readonly stage: 'bronze';
      readonly trades: number;
      readonly refused: number;
      readonly refused_frames: number;
      /** Trades in Kafka, above what bronze holds. */
      readonly in_flight: number;
    }
  | {
      readonly stage: 'history';
      /** In lake.bronze.trades_history, whether they count or not. */
      readonly trades: number;
      readonly in_flight: number;
      readonly covered_minutes: number;
      /** Trades of history in the minutes that finished runs answer for, and the stream's own that they stand in for. */
      readonly counted: number;
      readonly replaced: number;
    }
  | {
      readonly stage: 'stream_candles';
      readonly trades: number;
      readonly candles: number;
      /** Trades that their minute's stream candle does not hold: they came after it was made. Gold takes the batch candle. */
      readonly late?: number;
    }
  | { readonly stage: 'batch_candles'; readonly trades: number; readonly candles: number }
  | { readonly stage: 'gold'; readonly trades: number; readonly candles: number };

/** What cannot be judged yet, and what cannot be judged any more. */
export type Open = {
  /** Newer than the last counts of their connection. */
  readonly trades_above_counts: number;
  readonly refused_above_counts: number;
  /** Younger than the cut of feed-events. */
  readonly new_connections: number;
  /** In Kafka, above what bronze.trades_dlq holds: refused trades and frames. */
  readonly refused_in_flight: number;
  /** Above the newest candle of their symbol. */
  readonly minutes: number;
  readonly trades_in_open_minutes: number;
  /** Minutes in bronze that no finished run has as they are: newer than its horizon, touched since, or in a run's hands. */
  readonly unfinished_minutes: number;
  readonly trades_in_unfinished_minutes: number;
  /** Trades of fetches that have no coverage event: they count nowhere. */
  readonly uncovered_history_trades: number;
  /** Coverage events whose trades are not all in the lake yet. */
  readonly incomplete_coverages: number;
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
  /** Minutes, candles and gaps are those of this window, [start, end), ISO; null: all there are. Identities are always looked at whole. */
  readonly window: { readonly start: string; readonly end: string } | null;
  readonly stages: readonly Stage[];
  readonly gaps: readonly Gap[];
  readonly open: Open;
  /** The first hundred. */
  readonly problems: readonly Problem[];
  readonly problem_count: number;
  /** Of each stage of the report how many of them. */
  readonly problems_by_stage: readonly { readonly stage: StageName; readonly problems: number }[];
};

export const PROBLEMS_SHOWN = 100;
