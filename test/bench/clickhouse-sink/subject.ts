/** What is measured: something that writes the topic to the table, from the topic's beginning. */
export interface Subject {
  readonly name: string;
  /** Resolves when it runs. Returns its process. */
  start(): Promise<number>;
  stop(): Promise<void>;
}
