import type { Producer } from 'kafkajs';
import { Codec } from '../../../tasks/src/lib/contracts.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { decimal } from '../oracle.ts';
import type { FlinkStack } from './stack.ts';
import type { FeedTrade } from './trades.ts';

const BATCH = 5000;

/** Writes trades to Kafka as the source does, in transactions; a symbol's are all in one partition. */
export class TradeWriter {
  private constructor(
    private readonly producer: Producer,
    private readonly encode: (trade: FeedTrade) => Buffer,
    private readonly partition: (symbol: string) => number,
  ) {}

  static async connect(test: FlinkStack, partition: (symbol: string) => number): Promise<TradeWriter> {
    const kafka = kafkaClient(test.brokers, jsonLog());
    const producer = kafka.producer({
      idempotent: true,
      transactionalId: 'test-trades',
      maxInFlightRequests: 1,
      transactionTimeout: 60_000,
      retry: { retries: 30, maxRetryTime: 2000 },
    });
    await producer.connect();
    const encoder = await new Codec(test.stack.root, test.registry).encoder('trades');
    const encode = ({ symbol, time, price, volume, sequence }: FeedTrade): Buffer =>
      encoder({
        symbol,
        price: decimal(price, 8),
        volume: decimal(volume, 8),
        event_time: time,
        received_at: Date.now(),
        feed: 'test',
        connection_id: 1,
        sequence,
        frame: sequence,
        position: 0,
        venue_trade_id: null,
        conditions: [],
      });
    return new TradeWriter(producer, encode, partition);
  }

  /** In the order given. */
  async write(trades: readonly FeedTrade[]): Promise<void> {
    for (let i = 0; i < trades.length; i += BATCH) {
      const messages = trades.slice(i, i + BATCH).map((trade) => ({
        key: trade.symbol,
        value: this.encode(trade),
        partition: this.partition(trade.symbol),
        timestamp: String(Date.now()),
      }));
      const transaction = await this.producer.transaction();
      try {
        await transaction.send({ topic: 'trades', messages, acks: -1 });
        await transaction.commit();
      } catch (error) {
        await transaction.abort().catch(() => undefined);
        throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }
}
