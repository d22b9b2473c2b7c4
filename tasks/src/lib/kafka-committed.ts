/** One record as the log has it: what it is, who wrote it, and whether it ends a transaction. */
export interface LoggedRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly marker: 'commit' | 'abort' | undefined;
}

/**
 * Tells the committed records of one partition from the rest, as a read_committed consumer does, by the log alone: a
 * transaction's records wait for its producer's marker. Waiting for the marker instead of asking the broker for its last stable
 * offset means that one producer that died in a transaction does not hide what the others commit after it.
 *
 * (kafkajs' own filter takes the broker's list of aborted transactions in the order of their ends, one a record: where
 * transactions of several producers overlap it lets aborted records through.)
 *
 * State: the records of open transactions.
 */
export class CommittedRecords {
  private readonly open = new Map<string, LoggedRecord[]>();

  /** The records that this one makes visible, in the order of their offsets. */
  accept(record: LoggedRecord): readonly LoggedRecord[] {
    const { marker, producerId } = record;
    if (marker !== undefined) {
      const ended = this.open.get(producerId) ?? [];
      this.open.delete(producerId);
      return marker === 'commit' ? ended : [];
    }
    if (!record.inTransaction) return [record];
    const waiting = this.open.get(producerId);
    if (waiting === undefined) this.open.set(producerId, [record]);
    else waiting.push(record);
    return [];
  }

  /** How many records below an offset belong to transactions that have neither been committed nor aborted yet. */
  undecidedBelow(end: number): number {
    let count = 0;
    for (const records of this.open.values()) {
      if ((records[0]?.offset ?? end) < end) count += records.filter((r) => r.offset < end).length;
    }
    return count;
  }
}
