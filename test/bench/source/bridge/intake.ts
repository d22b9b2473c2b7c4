import type { Message } from 'kafkajs';
import type { Trade } from '../../../../tasks/src/lib/contracts.generated.ts';
import { readFrame } from './frame.ts';

/** Where a connection stands: what the topic of positions holds. */
export interface Position {
  readonly connection_id: number;
  readonly frame: number;
  readonly sequence: number;
}

/** Gives the trades of one connection their identity, and makes the topic's records of them. */
export class Intake {
  private frame = 0;
  private sequence = 0;

  constructor(
    private readonly feed: string,
    private readonly connectionId: number,
    private readonly encode: (trade: Trade) => Buffer,
  ) {}

  get position(): Position {
    return { connection_id: this.connectionId, frame: this.frame, sequence: this.sequence };
  }

  records(text: string, receivedAt: number): Message[] {
    this.frame += 1;
    const timestamp = String(receivedAt);
    return readFrame(text).map(({ s, p, v, t, c }, position) => {
      this.sequence += 1;
      const value = this.encode({
        symbol: s,
        price: p,
        volume: v,
        event_time: t,
        received_at: receivedAt,
        feed: this.feed,
        connection_id: this.connectionId,
        sequence: this.sequence,
        frame: this.frame,
        position,
        venue_trade_id: null,
        conditions: c ?? [],
      });
      return { key: s, value, timestamp };
    });
  }
}
