import { SequenceSet } from '../../../tasks/src/lib/ledger/sequence-set.ts';
import type { Sent } from './feed.ts';
import { numberOf } from './trade-block.ts';

export interface TalliedTrade {
  readonly volume: string;
  readonly connection_id: number;
  readonly sequence: number;
}

/** Counts what came of what was sent, by the number that each trade carries and by its identity. No I/O. */
export class Tally {
  private readonly sent: Sent;
  private readonly seen: Uint8Array;
  private readonly identities = new Map<number, SequenceSet>();
  private found = 0;
  private doubled = 0;
  private foreign = 0;
  private sameIdentity = 0;

  constructor(sent: Sent) {
    this.sent = sent;
    this.seen = new Uint8Array(sent.to - sent.from);
  }

  add({ volume, connection_id, sequence }: TalliedTrade, offset: number): void {
    const place = numberOf(volume) - this.sent.from;
    const before = this.seen[place];
    if (before === undefined) this.foreign += 1;
    else if (before > 0) this.doubled += 1;
    else {
      this.seen[place] = 1;
      this.found += 1;
    }
    let set = this.identities.get(connection_id);
    if (set === undefined) this.identities.set(connection_id, (set = new SequenceSet()));
    if (!set.add(sequence, { topic: 'trades', partition: 0, offset })) this.sameIdentity += 1;
  }

  /** Every trade that was sent has come, whatever else there is. */
  get complete(): boolean {
    return this.found === this.seen.length;
  }

  /** What is wrong, in words; undefined when each trade is there once, with an identity of its own. */
  fault(): string | undefined {
    const faults = [
      [this.seen.length - this.found, 'are missing'],
      [this.doubled, 'are there again'],
      [this.foreign, 'were never sent'],
      [this.sameIdentity, 'have the identity of another'],
    ] as const;
    const wrong = faults.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
    return wrong.length === 0 ? undefined : `Of ${this.seen.length} trades ${wrong.join(', ')}.`;
  }
}
