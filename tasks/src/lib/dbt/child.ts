import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClickHouseConfig } from '../clickhouse.ts';
import type { TaskContext } from '../command.ts';
import type { Setting } from '../config.ts';
import { RatehouseError } from '../error.ts';
import { DbtLog } from './log.ts';

export interface DbtConfig extends ClickHouseConfig {
  readonly RATEHOUSE_DBT: Setting<'RATEHOUSE_DBT'>;
}

const KILL_AFTER_MS = 5000;

/** The database that the models are made in. Its name is also in the comment of each of dbt's queries, by which they are found. */
export const GOLD = 'gold';
export const queryComment = (database: string): string => `ratehouse run-dbt ${database}`;

/** The arguments of a build that writes to `folder` alone: the project may lie in a folder that cannot be written. */
export function buildArguments(project: string, folder: string, runId: string): string[] {
  return [
    'build',
    ...['--vars', JSON.stringify({ run_id: runId })],
    // They test the project's SQL, not the data: a check for its authors.
    ...['--exclude-resource-type', 'unit_test'],
    ...['--project-dir', project, '--profiles-dir', project],
    ...['--target-path', join(folder, 'target'), '--log-path', join(folder, 'logs'), '--log-level-file', 'none'],
    ...['--log-format', 'json', '--no-use-colors', '--no-send-anonymous-usage-stats'],
    // Parsing anew takes a second more than from a kept folder, and depends on nothing that another run has left.
    '--no-partial-parse',
  ];
}

/** Nothing of the task's own environment but these: it holds the secrets of other systems. */
export function dbtEnvironment(
  config: ClickHouseConfig,
  env: NodeJS.ProcessEnv,
  folder: string,
  database: string = GOLD,
): NodeJS.ProcessEnv {
  const url = new URL(config.RATEHOUSE_CLICKHOUSE_URL);
  const secure = url.protocol === 'https:';
  return {
    PATH: env['PATH'],
    HOME: folder,
    TMPDIR: folder,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    DO_NOT_TRACK: '1',
    DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
    RATEHOUSE_DBT_HOST: url.hostname,
    // A URL leaves out the port that its protocol stands for.
    RATEHOUSE_DBT_PORT: url.port === '' ? (secure ? '443' : '80') : url.port,
    RATEHOUSE_DBT_SECURE: String(secure),
    RATEHOUSE_DBT_USER: config.RATEHOUSE_CLICKHOUSE_USER,
    RATEHOUSE_DBT_DATABASE: database,
    DBT_ENV_SECRET_CLICKHOUSE_PASSWORD: config.RATEHOUSE_CLICKHOUSE_PASSWORD,
  };
}

/** Runs dbt to its end, also to a bad one: 0 when all models and tests are well. SIGTERM ends it at once, with its queries left. */
export async function dbtBuild(
  config: DbtConfig,
  folder: string,
  runId: string,
  context: TaskContext,
): Promise<{ readonly code: number | null; readonly errors: string }> {
  const project = join(context.root, 'dbt');
  if (!existsSync(config.RATEHOUSE_DBT)) {
    throw new RatehouseError('RATEHOUSE_CONFIG', 'RATEHOUSE_DBT names no file: it must be the dbt executable.');
  }
  const log = new DbtLog(context.log);
  const python = join(dirname(config.RATEHOUSE_DBT), 'python');
  const launcher = [join(project, 'launch.py'), config.RATEHOUSE_DBT];
  const child = spawn(python, [...launcher, ...buildArguments(project, folder, runId)], {
    cwd: folder,
    env: dbtEnvironment(config, context.env, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (text) => {
      log.take(text);
    });
  }
  return new Promise((resolve, reject) => {
    let killing: NodeJS.Timeout | undefined;
    const stop = (): void => {
      child.kill('SIGTERM');
      killing = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    };
    const over = (): void => {
      clearTimeout(killing);
      context.signal.removeEventListener('abort', stop);
    };
    if (context.signal.aborted) stop();
    else context.signal.addEventListener('abort', stop, { once: true });
    child.once('error', (cause) => {
      over();
      reject(new RatehouseError('RATEHOUSE_CONFIG', `RATEHOUSE_DBT cannot be run: ${cause.message}`, { cause }));
    });
    child.once('close', (code) => {
      over();
      resolve({ code, errors: log.lastErrors() });
    });
  });
}
