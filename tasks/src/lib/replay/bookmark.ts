/**
 * How far a part of the recording that is to be sent once was sent, kept so that no trade is ever sent twice. `position`
 * is exact while the process lives; `bound` is what the state file says, and is moved ahead of sending: after a kill,
 * everything below it may have been sent and is left out.
 */
export class Bookmark {
  readonly end: number;
  #position: number;
  #bound: number;

  constructor(end: number, position = 0) {
    this.end = end;
    this.#position = position;
    this.#bound = position;
  }

  get position(): number {
    return this.#position;
  }

  get bound(): number {
    return this.#bound;
  }

  get done(): boolean {
    return this.#position >= this.end;
  }

  /**
   * Asks to send up to `to`. True: the bound was moved, to `ahead` at most, and has to be written down before anything is
   * sent. A small `ahead` loses less after a kill, a large one writes less often.
   */
  reserve(to: number, ahead: number): boolean {
    if (to <= this.#bound) return false;
    this.#bound = Math.min(this.end, Math.max(to, ahead));
    return true;
  }

  sentTo(to: number): void {
    if (to > this.#bound)
      throw new RangeError(`Trades up to ${to} were sent, but only those up to ${this.#bound} reserved.`);
    this.#position = to;
  }
}
