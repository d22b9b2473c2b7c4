import type { Package } from './package.ts';
import type { Stack } from './stack.ts';

/** Where the packages that an engine asked for were installed, by package name. */
export type Installed = Readonly<Record<string, string>>;

export interface EngineContext {
  readonly stack: Stack;
  /** The folder of an installed package. */
  readonly installed: (name: string) => string;
}

/** How to run an engine's process in the foreground. Secrets go into files or `env`, never into `argv`. */
export interface EngineProcess {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Seconds it gets after SIGTERM before SIGKILL; 30 unless said. */
  readonly stopSeconds?: number;
}

/** One engine of the embedded stack. To add one, write a file with one of these and list it in engines/index.ts. */
export interface Engine {
  readonly name: string;
  /** What a person reads beside its address. */
  readonly about: string;
  /** Engines that must be ready before this one is started. */
  readonly after: readonly string[];
  readonly packages: readonly Package[];
  /** `batch`: a stack that only streams does without it. */
  readonly lane?: 'batch';
  /** Only a stack whose lake has this catalog, embedded, has it. */
  readonly catalog?: 'glue';
  /** Writes its configuration and makes its folders; done before each start, so it must be repeatable. */
  prepare?(context: EngineContext): Promise<void> | void;
  process(context: EngineContext): EngineProcess;
  /** Whether it answers as its users need it to. A thrown error counts as no. */
  ready(context: EngineContext): Promise<boolean>;
  address(stack: Stack): string;
}

/** GETs a URL; true for a 2xx answer within two seconds. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}
