import type { Stack } from './stack.ts';

export interface StackCommandContext {
  readonly name: string;
  readonly args: readonly string[];
  readonly stack: Stack;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Runs, and returns the exit code. */
export type StackCommand = (context: StackCommandContext) => Promise<number>;
