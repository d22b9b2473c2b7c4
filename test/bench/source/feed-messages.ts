/** What the feed's process is told. `perSecond` 0 is as fast as the reader takes it. */
export type FeedOrder =
  | {
      readonly order: 'send';
      readonly first: number;
      readonly tradesPerFrame: number;
      readonly perSecond: number;
    }
  | { readonly order: 'stop' };

/** What it tells. */
export type FeedNews =
  | { readonly news: 'listening'; readonly port: number }
  /** A connection has asked for every symbol. */
  | { readonly news: 'subscribed' }
  | { readonly news: 'closed' }
  /** All that was sent is written to the socket. */
  | { readonly news: 'stopped'; readonly sent: number };
