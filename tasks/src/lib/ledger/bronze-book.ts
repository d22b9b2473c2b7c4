import { bronzeProblems } from './bronze-balance.ts';
import type { RefusedIdentity, TradeIdentity } from './connection-book.ts';
import type { Problem } from './report.ts';
import { SequenceSet, coordinatesText, rangeText, type Coordinates, type Range, type Run } from './sequence-set.ts';

/** What a run of identities consists of: trades, refused trades, or refused frames, which go by their frame's number. */
export type IdentityKind = 'trade' | 'refused' | 'frame';

export interface BronzeRun extends Run {
  readonly feed: string;
  readonly connection_id: number;
  readonly kind: IdentityKind;
  /** 1 for what is there at all; what is there twice is there as copy 2 too, and so on. */
  readonly copy: number;
}

/** The last counts of a connection, as lake.bronze.feed_events has them for ever. */
export interface LakeCounts {
  readonly feed: string;
  readonly connection_id: number;
  readonly trades: number;
  readonly refused: number;
  readonly refused_frames: number;
  readonly frames: number;
  readonly last_sequence: number;
  readonly closed: boolean;
}

interface Identities {
  readonly trade: SequenceSet;
  readonly refused: SequenceSet;
  readonly frame: SequenceSet;
}

/** One connection as the lake and the topics above it have it. */
export interface BronzeConnection {
  readonly feed: string;
  readonly id: number;
  readonly bronze: Identities;
  readonly flight: Identities;
  readonly doubled: BronzeRun[];
  counts: LakeCounts | undefined;
}

/** What the rest of the ledger knows of a connection, to compare bronze with. */
export interface KnownConnection {
  readonly feed: string;
  readonly id: number;
  /** Its last counts in Kafka; undefined when its events are gone, or when it has none. */
  readonly counts: Omit<LakeCounts, 'feed' | 'connection_id' | 'closed'> | undefined;
  readonly closed: boolean;
  readonly isNew: boolean;
  readonly trades: SequenceSet;
  readonly refused: SequenceSet;
  /** The sequences from which on Kafka holds everything. */
  readonly heldTrades: number;
  readonly heldRefused: number;
}

const identities = (): Identities => ({
  trade: new SequenceSet(),
  refused: new SequenceSet(),
  frame: new SequenceSet(),
});

/**
 * The identities that bronze holds, and those that are on their way to it: in Kafka, above the highest offset of their
 * partition in bronze. The sink takes a partition in its order, so what is below that offset has been written or is lost.
 *
 * State: a few numbers for each run of identities, see SequenceSet.
 */
export class BronzeBook {
  private readonly feeds = new Map<string, Map<number, BronzeConnection>>();
  private readonly heights = new Map<string, number>();
  private readonly coordinates: Problem[] = [];
  readonly sums = { trades: 0, refused: 0, refused_frames: 0, in_flight: 0, refused_in_flight: 0 };

  /** The highest offset that bronze holds of a partition. */
  highest(topic: string, partition: number, offset: number): void {
    this.heights.set(`${topic}-${partition}`, offset);
  }

  run(run: BronzeRun): void {
    const connection = this.connection(run.feed, run.connection_id);
    const rows = run.to - run.from + 1;
    this.sums[run.kind === 'trade' ? 'trades' : run.kind === 'refused' ? 'refused' : 'refused_frames'] += rows;
    if (run.copy === 2) connection.doubled.push(run);
    if (run.copy === 1) connection.bronze[run.kind].addRun(run);
  }

  count(counts: LakeCounts): void {
    this.connection(counts.feed, counts.connection_id).counts = counts;
  }

  /** Offsets that more than one row has. */
  doubledOffsets(topic: string, partition: number, { from, to }: Range): void {
    const first = coordinatesText({ topic, partition, offset: from });
    const last = coordinatesText({ topic, partition, offset: to });
    this.coordinates.push({
      stage: 'bronze',
      kind: 'coordinates_doubled',
      message: `the records at ${topic}-${partition}@${rangeText({ from, to })} are there more than once`,
      at: from === to ? [first] : [first, last],
    });
  }

  /** A trade read from Kafka. Returns whether it is in flight. */
  trade({ feed, connection_id, sequence }: TradeIdentity, at: Coordinates): boolean {
    if (!this.inFlight(at)) return false;
    this.sums.in_flight++;
    this.connection(feed, connection_id).flight.trade.add(sequence, at);
    return true;
  }

  refuse({ feed, connection_id, sequence, frame }: RefusedIdentity, at: Coordinates): void {
    if (!this.inFlight(at)) return;
    this.sums.refused_in_flight++;
    const { flight } = this.connection(feed, connection_id);
    if (sequence === null) flight.frame.add(frame, at);
    else flight.refused.add(sequence, at);
  }

  private inFlight({ topic, partition, offset }: Coordinates): boolean {
    return offset > (this.heights.get(`${topic}-${partition}`) ?? -1);
  }

  private connection(feed: string, id: number): BronzeConnection {
    let connections = this.feeds.get(feed);
    if (connections === undefined) this.feeds.set(feed, (connections = new Map<number, BronzeConnection>()));
    let connection = connections.get(id);
    if (connection === undefined)
      connections.set(
        id,
        (connection = { feed, id, bronze: identities(), flight: identities(), doubled: [], counts: undefined }),
      );
    return connection;
  }

  get stage(): {
    readonly trades: number;
    readonly refused: number;
    readonly refused_frames: number;
    readonly in_flight: number;
  } {
    const { trades, refused, refused_frames, in_flight } = this.sums;
    return { trades, refused, refused_frames, in_flight };
  }

  /** The last counts of each connection that has events in bronze. */
  get counts(): readonly LakeCounts[] {
    return [...this.feeds.values()].flatMap((c) => [...c.values()].flatMap(({ counts }) => counts ?? []));
  }

  /**
   * For each connection: the sequences in bronze and in flight are 1 to the highest, each once. The highest is what the last
   * counts say or what bronze holds: what else is in flight may have neighbours which were not there when Kafka was read.
   */
  problems(known: readonly KnownConnection[]): readonly Problem[] {
    const byBook = new Map(known.map((k) => [this.connection(k.feed, k.id), k]));
    const connections = [...this.feeds.values()].flatMap((c) => [...c.values()].sort((a, b) => a.id - b.id));
    return [...connections.flatMap((c) => bronzeProblems(c, byBook.get(c))), ...this.coordinates];
  }
}
