import type { RecordedTrade } from '../oracle.ts';
import type { KafkaTrade } from '../read-back.ts';
import type { SentFrame } from '../replay.ts';

export interface SentTrade {
  /** When it was sent, epoch ms. */
  readonly at: number;
  /** Its place in the recording. */
  readonly index: number;
}

/**
 * The sent trades that Kafka does not hold. What was sent is sent once, in order; what a connection brought is a stretch of
 * it, and stretches come one after the other. A connection of which nothing was written is in none, and a replay that was
 * killed numbers its connections anew: so a stretch is found by its trades, which tell it from its neighbours.
 * @param injected trades that came in between and are of no recording
 * @throws when Kafka holds a trade that was not sent there, or twice
 */
export function notWritten(
  frames: readonly SentFrame[],
  trades: readonly KafkaTrade[],
  recording: readonly RecordedTrade[],
  injected: readonly RecordedTrade[] = [],
): SentTrade[] {
  const sent = frames.flatMap(({ at, first, count }) =>
    Array.from({ length: count }, (_, i): SentTrade => ({ at, index: first + i })),
  );
  const unwritten: SentTrade[] = [];
  let next = 0;
  for (const whole of stretchesOf(trades)) {
    const stretch = whole.filter((trade) => !injected.some((other) => sameTrade(trade, other)));
    const begin = beginningOf(stretch, sent, recording, next);
    if (begin === undefined) {
      const [{ connection_id: id, sequence } = { connection_id: 0, sequence: 0 }] = stretch;
      throw new Error(`connection ${id} holds, from sequence ${sequence} on, what was not sent on it`);
    }
    unwritten.push(...sent.slice(next, begin));
    next = begin + stretch.length;
  }
  return [...unwritten, ...sent.slice(next)];
}

/** The trades of each connection, by the order of the connections; their sequences must be 1, 2, 3 ... */
function stretchesOf(trades: readonly KafkaTrade[]): KafkaTrade[][] {
  const byConnection = new Map<number, KafkaTrade[]>();
  for (const trade of trades) {
    const stretch = byConnection.get(trade.connection_id) ?? [];
    byConnection.set(trade.connection_id, stretch);
    stretch.push(trade);
    if (trade.sequence !== stretch.length)
      throw new Error(`connection ${trade.connection_id} has sequence ${trade.sequence} as its ${stretch.length}th`);
  }
  return [...byConnection].sort(([a], [b]) => a - b).map(([, stretch]) => stretch);
}

const sameTrade = (one: RecordedTrade, other: RecordedTrade): boolean =>
  one.time === other.time && one.price === other.price && one.volume === other.volume;

function beginningOf(
  stretch: readonly KafkaTrade[],
  sent: readonly SentTrade[],
  recording: readonly RecordedTrade[],
  from: number,
): number | undefined {
  for (let begin = from; begin + stretch.length <= sent.length; begin += 1) {
    const same = stretch.every((trade, i) => {
      const original = recording[sent[begin + i]?.index ?? -1];
      return original !== undefined && sameTrade(trade, original);
    });
    if (same) return begin;
  }
  return undefined;
}
