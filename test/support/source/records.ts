import type { FeedRecords } from './mini-ledger.ts';

/** Gaps beside the partial minute with which a feed or a symbol begins. */
export function gapsOf({ events }: FeedRecords): FeedRecords['events'] {
  return events.filter(({ event, reason }) => event === 'gap' && reason?.includes('first minute') !== true);
}

/** Whether so many trades are written. */
export function written(count: number): (records: FeedRecords) => boolean {
  return ({ trades }) => trades.length >= count;
}
