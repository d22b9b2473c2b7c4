import type { Stack } from '../../../stack/lib/stack.ts';

/** One measured number. */
export interface Figure {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** What the project wants it to be at least, or at most. */
  readonly goal?: number;
  /** The same number of what it is compared with, measured in the same run. */
  readonly baseline?: number;
}

/** A number that a person may set, `--name N`. */
export interface BenchOption {
  readonly about: string;
  readonly value: number;
}

export interface BenchContext {
  /** Where packages are kept, and the ports from which a bench takes its own. */
  readonly stack: Stack;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Progress, for a person. */
  readonly say: (line: string) => void;
  /** Hands a figure over as soon as it is known. */
  readonly figure: (figure: Figure) => void;
  /** The bench's options, as given or by default. */
  readonly option: (name: string) => number;
  /** Whether a metric was asked for; all are unless `--only` names some. */
  readonly wants: (...metrics: readonly string[]) => boolean;
}

/** A measurement: starts what it needs, measures, stops everything. A result that is wrong is an error, not a figure. */
export interface Bench {
  readonly about: string;
  readonly metrics: readonly string[];
  readonly options: Readonly<Record<string, BenchOption>>;
  run(context: BenchContext): Promise<void>;
}
