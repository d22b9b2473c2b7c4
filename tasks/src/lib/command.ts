import type { Command } from 'commander';
import type { Log } from './log.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a command gets from the program around it. */
export interface TaskContext {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Aborted on SIGTERM and SIGINT; a command then cancels what it started elsewhere and throws. */
  readonly signal: AbortSignal;
  /** The repository's or image's folder that holds contracts/, connectors/config, flink/ and tasks/sql. */
  readonly root: string;
}

/** `skip`: there was nothing to do (exit 99). `text` is shown to a person instead of the result's JSON. */
export interface TaskOutcome {
  readonly result: Json;
  readonly skip?: boolean;
  readonly failed?: string;
  readonly text?: string;
}

/** One command of the program: declares its options on a commander Command, and runs. */
export interface TaskCommand {
  readonly name: string;
  readonly summary: string;
  declare(command: Command): void;
  run(options: Readonly<Record<string, unknown>>, context: TaskContext): Promise<TaskOutcome>;
}
