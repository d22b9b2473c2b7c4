import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import type { Position } from './intake.ts';

/** kafkajs copies what it has for each message that it adds to a partition: a request of many thousands costs its square. */
const MOST_IN_REQUEST = 500;
const TRANSACTION_TIMEOUT_MS = 900_000;

export interface WriterTopics {
  readonly trades: string;
  /** Compacted; holds the position of each feed. */
  readonly positions: string;
}

/**
 * Writes trades in transactions, each with the position after it, one after the other, so that what is committed has no hole.
 * A transaction is what came while the one before was being written.
 */
export class Writer {
  private readonly producer: Producer;
  private waiting: Message[] = [];
  private position: Position | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    private readonly topics: WriterTopics,
    private readonly feed: string,
    private readonly events: { readonly taken: () => void; readonly failed: (error: unknown) => void },
  ) {
    this.producer = kafka.producer({
      transactionalId: `bridge-${feed}`,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      createPartitioner: cachedPartitioner,
      // The coordinator refuses a transaction for some milliseconds after the one before; the default waits 300.
      retry: { initialRetryTime: 3, factor: 0.2, multiplier: 1.5, maxRetryTime: 1000, retries: 100 },
    });
  }

  connect(): Promise<void> {
    return this.producer.connect();
  }

  /** Trades that wait for a transaction. */
  get queued(): number {
    return this.waiting.length;
  }

  add(records: readonly Message[], position: Position): void {
    this.waiting.push(...records);
    this.position = position;
    this.writing ??= this.write()
      .catch(this.events.failed)
      .finally(() => (this.writing = undefined));
  }

  /** Ends when everything is committed. */
  async close(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
    await this.producer.disconnect();
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0 && this.position !== undefined) {
      // Whole frames only: the position says where the last frame taken in ended.
      const [trades, position] = [this.waiting, this.position];
      this.waiting = [];
      this.events.taken();
      const transaction = await this.producer.transaction();
      // One after the other: their order in the partition is the feed's.
      for (let from = 0; from < trades.length; from += MOST_IN_REQUEST) {
        const last = from + MOST_IN_REQUEST >= trades.length;
        const messages = trades.slice(from, from + MOST_IN_REQUEST);
        const after = { topic: this.topics.positions, messages: [{ key: this.feed, value: JSON.stringify(position) }] };
        await transaction.sendBatch({
          acks: -1,
          topicMessages: [{ topic: this.topics.trades, messages }, ...(last ? [after] : [])],
        });
      }
      await transaction.commit();
    }
  }
}

/** kafkajs's own, which hashes as Kafka's clients do; once for each key, for there are few. */
function cachedPartitioner(): ReturnType<typeof Partitioners.DefaultPartitioner> {
  const partitionOf = Partitioners.DefaultPartitioner();
  const known = new Map<string, number>();
  return (args) => {
    const key = `${args.topic} ${String(args.message.key)}`;
    let partition = known.get(key);
    if (partition === undefined) known.set(key, (partition = partitionOf(args)));
    return partition;
  };
}
