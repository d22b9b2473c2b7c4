const BLOCK_BYTES = 1 << 20;
const MOST_BLOCKS = 2 ** 32 / BLOCK_BYTES;

/** The longest text of a price or volume: its length is kept in one byte. */
export const MOST_DIGITS = 255;

/**
 * Recorded trades in the order of their times. A trade is 8 bytes of time, 4 of place and, in blocks of bytes, the very
 * texts of its price and volume with two bytes of length: some 45 bytes for Bitstamp's twelve decimals, so 100,000 trades
 * take 4.5 MB and 10 million 450 MB. An index into the file would take a third of that, but a read from disk (and a
 * second parsing of CSV) for each frame, and a file that must not change while it is played.
 */
export class Recording {
  readonly length: number;
  readonly #times: Float64Array;
  readonly #places: Uint32Array;
  readonly #blocks: readonly Buffer[];

  constructor(times: Float64Array, places: Uint32Array, blocks: readonly Buffer[]) {
    this.length = times.length;
    this.#times = times;
    this.#places = places;
    this.#blocks = blocks;
  }

  /** Epoch milliseconds. */
  time(index: number): number {
    return this.#times[index] ?? NaN;
  }

  texts(index: number): { price: string; volume: string } {
    const place = this.#places[index] ?? NaN;
    const block = this.#blocks[Math.floor(place / BLOCK_BYTES)];
    if (block === undefined) throw new RangeError(`Trade ${index} of ${this.length} was asked for.`);
    const start = (place % BLOCK_BYTES) + 2;
    const middle = start + block.readUInt8(start - 2);
    const end = middle + block.readUInt8(start - 1);
    return { price: block.toString('latin1', start, middle), volume: block.toString('latin1', middle, end) };
  }
}

/** Takes trades in the order of the file and makes a Recording of them. */
export class RecordingBuilder {
  #length = 0;
  #times = new Float64Array(1024);
  #places = new Uint32Array(1024);
  #used = BLOCK_BYTES;
  readonly #blocks: Buffer[] = [];
  /** Trades that were earlier than the one before them in the file. */
  reordered = 0;

  add(time: number, price: string, volume: string): void {
    if (this.#length === this.#times.length) this.#grow();
    const bytes = price.length + volume.length + 2;
    if (this.#used + bytes > BLOCK_BYTES) this.#nextBlock();
    const block = this.#blocks.at(-1) ?? Buffer.alloc(0);
    block.writeUInt8(price.length, this.#used);
    block.writeUInt8(volume.length, this.#used + 1);
    block.write(price + volume, this.#used + 2, 'latin1');
    if (this.#length > 0 && time < (this.#times[this.#length - 1] ?? NaN)) this.reordered += 1;
    this.#times[this.#length] = time;
    this.#places[this.#length] = (this.#blocks.length - 1) * BLOCK_BYTES + this.#used;
    this.#used += bytes;
    this.#length += 1;
  }

  build(): Recording {
    const times = this.#times.slice(0, this.#length);
    const places = this.#places.slice(0, this.#length);
    if (this.reordered === 0) return new Recording(times, places, this.#blocks);
    const at = (i: number): number => times[i] ?? NaN;
    // Trades of one instant stay in the order of the file: nothing else tells which came first.
    const order = Uint32Array.from(times, (_, i) => i).sort((a, b) => at(a) - at(b) || a - b);
    return new Recording(
      Float64Array.from(order, at),
      order.map((i) => places[i] ?? 0),
      this.#blocks,
    );
  }

  #grow(): void {
    const times = new Float64Array(this.#length * 2);
    const places = new Uint32Array(this.#length * 2);
    times.set(this.#times);
    places.set(this.#places);
    this.#times = times;
    this.#places = places;
  }

  #nextBlock(): void {
    if (this.#blocks.length === MOST_BLOCKS)
      throw new RangeError('A recording holds up to 4 GiB of prices and volumes.');
    this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
    this.#used = 0;
  }
}
