import { decimal } from '../oracle.ts';
import type { Random } from './random.ts';

const MINUTE = 60_000;
const ORIGIN = Date.UTC(2026, 0, 5, 22, 30);

/** A candle's own columns, as texts with all their digits. */
export interface Candle {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly turnover: string;
  readonly trade_count: number;
}

export interface LaneCandle extends Candle {
  readonly symbol: string;
  /** Epoch milliseconds of a whole minute. */
  readonly minute: number;
}

/** What comes into the two lanes before a run. */
export interface Step {
  /** What happened, for the message of a test that fails. */
  readonly what: string;
  /** Rows of the stream in the order of their offsets; `generation` is the Flink job's. */
  readonly stream: readonly (LaneCandle & { readonly generation: number; readonly offset: number })[];
  /** Candles of the lake that were written, or, without a candle, taken away. All lie in the plan. */
  readonly lake: readonly { readonly symbol: string; readonly minute: number; readonly candle: Candle | undefined }[];
  /** Minutes that the run was planned for; more than what changed. */
  readonly plan: readonly { readonly symbol: string; readonly minute: number }[];
}

interface Known {
  readonly symbol: string;
  /** In units of 1e-8. */
  price: number;
  readonly stream: Map<number, Candle>;
  readonly lake: Map<number, Candle>;
}

/** The lives of several symbols in both lanes, step by step. All follows from the generator. */
export class History {
  private readonly symbols: Known[];
  /** The newest rows of the stream, which the sink may write once more. */
  private readonly sent: Step['stream'][number][] = [];
  private offset = 0;
  private generation = 1;

  constructor(
    private readonly random: Random,
    symbols: number,
  ) {
    this.symbols = Array.from({ length: symbols }, (_, n) => ({
      symbol: `VENUE:S${String(n).padStart(3, '0')}`,
      // From a hundred-thousandth to a hundred thousand.
      price: Math.round(10 ** random.between(3, 13)),
      stream: new Map<number, Candle>(),
      lake: new Map<number, Candle>(),
    }));
  }

  /** Some bars for some symbols, in the lake or in the stream or both. */
  begin(): Step {
    const step = new StepBuilder();
    for (const known of this.symbols) {
      // One in ten has not begun yet; some have too few bars for a MACD, or just enough.
      if (this.random.chance(0.1)) continue;
      const bars = this.random.chance(0.3) ? this.random.between(1, 36) : this.random.between(37, 260);
      this.append(step, known, ORIGIN + this.random.between(0, 30) * MINUTE, bars);
      if (this.random.chance(0.7)) this.settle(step, known, this.random.next());
    }
    step.what.push('begin');
    return step.build();
  }

  /** What happens between two runs: one to three kinds of things, each to some of the symbols. */
  next(): Step {
    const step = new StepBuilder();
    const kinds = ['append', 'settle', 'correct', 'vanish', 'early', 'restart', 'repeat', 'nothing'] as const;
    for (let times = this.random.between(1, 3); times > 0; times -= 1) {
      const kind = this.random.of(kinds);
      const share = this.random.of([0.02, 0.2, 1]);
      step.what.push(kind);
      if (kind === 'restart') this.generation += 1;
      for (const known of this.symbols) {
        if (!this.random.chance(share)) continue;
        this[kind](step, known);
      }
    }
    return step.build();
  }

  private append(step: StepBuilder, known: Known, from?: number, count = this.random.between(1, 12)): void {
    let minute = from ?? Math.max(ORIGIN, ...known.stream.keys(), ...known.lake.keys()) + MINUTE;
    const toStream = this.random.chance(0.85);
    for (let n = 0; n < count; n += 1) {
      // Most minutes have trades; now and then hours have none.
      if (this.random.chance(0.15)) minute += this.random.between(1, this.random.chance(0.1) ? 300 : 5) * MINUTE;
      if (toStream) this.intoStream(step, known, minute, this.candle(known));
      else this.intoLake(step, known, minute, this.candle(known));
      minute += MINUTE;
    }
  }

  /** The lake takes over what only the stream had, up to some minute; a late trade makes one in ten another candle. */
  private settle(step: StepBuilder, known: Known, share = 1): void {
    const open = [...known.stream].filter(([minute]) => !known.lake.has(minute));
    for (const [minute, candle] of open.slice(0, Math.ceil(open.length * share)))
      this.intoLake(step, known, minute, this.random.chance(0.1) ? this.candle(known) : candle);
  }

  private correct(step: StepBuilder, known: Known): void {
    const minutes = [...known.lake.keys()];
    if (minutes.length > 0) this.intoLake(step, known, this.random.of(minutes), this.candle(known));
  }

  private vanish(step: StepBuilder, known: Known): void {
    const minutes = [...known.lake.keys()];
    for (let n = this.random.of([1, 1, 3]); n > 0 && minutes.length > 0; n -= 1)
      this.intoLake(step, known, this.random.of(minutes), undefined);
  }

  private early(step: StepBuilder, known: Known): void {
    const first = Math.min(ORIGIN + 60 * MINUTE, ...known.stream.keys(), ...known.lake.keys());
    for (let n = this.random.between(1, 3); n > 0; n -= 1)
      this.intoLake(step, known, first - this.random.between(1, 90) * MINUTE, this.candle(known));
  }

  /** A new Flink job computes old minutes again, some of them otherwise. */
  private restart(step: StepBuilder, known: Known): void {
    for (const [minute, candle] of [...known.stream].slice(-this.random.between(1, 40)))
      this.intoStream(step, known, minute, this.random.chance(0.3) ? this.candle(known) : candle);
  }

  /** The sink writes some of its last rows once more. */
  private repeat(step: StepBuilder): void {
    step.stream.push(...this.sent.slice(-this.random.between(1, 5)));
  }

  /** A plan may name minutes in which nothing changed. */
  private nothing(step: StepBuilder, { symbol, lake }: Known): void {
    for (const minute of [...lake.keys()].slice(-3)) step.unchanged.push({ symbol, minute });
  }

  private intoStream(step: StepBuilder, { symbol, stream }: Known, minute: number, candle: Candle): void {
    const row = { symbol, minute, ...candle, generation: this.generation, offset: this.offset };
    step.stream.push(row);
    this.sent.push(row);
    if (this.sent.length > 100) this.sent.splice(0, 50);
    this.offset += 1;
    stream.set(minute, candle);
  }

  private intoLake(step: StepBuilder, { symbol, lake }: Known, minute: number, candle: Candle | undefined): void {
    step.lake.push({ symbol, minute, candle });
    if (candle === undefined) lake.delete(minute);
    else lake.set(minute, candle);
  }

  private candle(known: Known): Candle {
    const prices = Array.from({ length: 4 }, () => {
      known.price = Math.min(1e13, Math.max(1, Math.round(known.price * (1 + (this.random.next() - 0.5) / 50))));
      return BigInt(known.price);
    });
    const [open = 0n, , , close = 0n] = prices;
    const sorted = [...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const volume = BigInt(this.random.between(1, 1e9));
    return {
      open: decimal(open, 8),
      high: decimal(sorted.at(-1) ?? 0n, 8),
      low: decimal(sorted[0] ?? 0n, 8),
      close: decimal(close, 8),
      volume: decimal(volume, 8),
      turnover: decimal(volume * close, 16),
      trade_count: this.random.between(1, 50),
    };
  }
}

class StepBuilder {
  readonly what: string[] = [];
  readonly stream: Step['stream'][number][] = [];
  readonly lake: Step['lake'][number][] = [];
  readonly unchanged: Step['plan'][number][] = [];

  build(): Step {
    const planned = [...this.lake, ...this.unchanged];
    const plan = new Map(planned.map(({ symbol, minute }) => [`${symbol} ${minute}`, { symbol, minute }]));
    return { what: this.what.join(', '), stream: this.stream, lake: this.lake, plan: [...plan.values()] };
  }
}
