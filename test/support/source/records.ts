import type { FeedRecords } from './mini-ledger.ts';

/** Gaps beside the partial minute with which a feed or a symbol begins. */
export function gapsOf({ events }: FeedRecords): FeedRecords['events'] {
  return events.filter(({ event, reason }) => event === 'gap' && reason?.includes('first minute') !== true);
}

/**
 * The times during which a connection was away, each by the connection that ended it, with the symbols of its gaps: a gap may be told
 * for all symbols at once, or symbol by symbol as each is seen to be live, but for none of them twice.
 */
export function outagesOf(records: FeedRecords): ReadonlyMap<number, readonly string[]> {
  const outages = new Map<number, string[]>();
  for (const { connection_id, symbols } of gapsOf(records)) {
    const told = outages.get(connection_id) ?? [];
    const twice = symbols.filter((symbol) => told.includes(symbol));
    if (twice.length > 0) throw new Error(`connection ${connection_id} tells the gap of ${twice.join(', ')} twice`);
    outages.set(connection_id, [...told, ...symbols]);
  }
  return outages;
}

/** Whether so many trades are written. */
export function written(count: number): (records: FeedRecords) => boolean {
  return ({ trades }) => trades.length >= count;
}
