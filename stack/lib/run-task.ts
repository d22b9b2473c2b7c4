import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import type { Stack } from './stack.ts';
import { taskEnvironment } from './task-environment.ts';

const progress = z.object({ level: z.string(), message: z.string() });

export interface TaskRun {
  readonly code: number;
  readonly result: unknown;
  /** The messages of level error, oldest first. */
  readonly errors: readonly string[];
}

let count = 0;

export interface TaskOptions {
  readonly signal?: AbortSignal;
  readonly say?: (line: string) => void;
  /** Of the task, beside what the stack gives it, or instead of that. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one task of the bundle as Airflow does: configuration from the environment, the result from the file it names. */
export async function runTask(stack: Stack, args: readonly string[], options: TaskOptions = {}): Promise<TaskRun> {
  count += 1;
  const xcom = join(stack.dir('run'), `task-${process.pid}-${count}.json`);
  const child = spawn(process.execPath, [join(stack.root, 'tasks', 'dist', 'ratehouse.mjs'), ...args], {
    env: { ...process.env, ...taskEnvironment(stack), ...options.env, XCOM_RETURN_PATH: xcom },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGTERM');
  options.signal?.addEventListener('abort', stop);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    const parsed = progress.safeParse(tryParse(line));
    if (parsed.success && parsed.data.level === 'error') errors.push(parsed.data.message);
    options.say?.(`  ${parsed.success ? parsed.data.message : line}`);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => {
      resolve(exit ?? 1);
    });
  });
  options.signal?.removeEventListener('abort', stop);
  const result: unknown = existsSync(xcom) ? JSON.parse(readFileSync(xcom, 'utf8')) : undefined;
  rmSync(xcom, { force: true });
  return { code, result, errors };
}

/** The same, for a task that has to succeed. */
export async function mustRunTask(stack: Stack, args: readonly string[], options: TaskOptions = {}): Promise<unknown> {
  const { code, result, errors } = await runTask(stack, args, options);
  options.signal?.throwIfAborted();
  if (code !== 0) {
    throw new RatehouseError(
      'RATEHOUSE_REFUSED',
      `ratehouse ${args.join(' ')} ended with code ${code}: ${errors.at(-1) ?? 'no reason given'}`,
    );
  }
  return result;
}

function tryParse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not one of the task's own lines, for example a warning of Node's.
    return undefined;
  }
}
