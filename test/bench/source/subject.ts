/** What is measured: something that reads the feed and writes the topic. */
export interface Subject {
  readonly name: string;
  /** Begins to read; resolves when it has been told to, which is before it has subscribed. Returns its process. */
  start(feedUrl: string): Promise<number>;
  stop(): Promise<void>;
}
