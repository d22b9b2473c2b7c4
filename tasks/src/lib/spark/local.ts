import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CatalogSecrets } from '../catalog/catalog.ts';
import type { CatalogSettings } from '../catalog/settings.ts';
import { sparkSecrets } from '../catalog/spark.ts';
import type { TaskContext } from '../command.ts';
import type { Setting } from '../config.ts';
import { RatehouseError } from '../error.ts';
import { lakeConf, localConf } from './conf.ts';
import { SparkReport, type Ending, type SparkChanges } from './report.ts';

export interface LocalSparkConfig extends CatalogSettings {
  readonly RATEHOUSE_SPARK_PYTHON: Setting<'RATEHOUSE_SPARK_PYTHON'>;
  readonly RATEHOUSE_SPARK_JARS: Setting<'RATEHOUSE_SPARK_JARS'>;
  readonly RATEHOUSE_SPARK_JAVA_HOME: Setting<'RATEHOUSE_SPARK_JAVA_HOME'>;
}

/** One run of spark-sql/<name>.sql. */
export interface SparkRun {
  readonly name: string;
  readonly runId: string;
  readonly target: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const KILL_AFTER_MS = 10_000;

/** Runs a job on a Spark of this machine, which lives for this job alone and leaves nothing behind. */
export async function runLocally(run: SparkRun, config: LocalSparkConfig, context: TaskContext): Promise<SparkChanges> {
  for (const name of ['RATEHOUSE_SPARK_PYTHON', 'RATEHOUSE_SPARK_JARS', 'RATEHOUSE_SPARK_JAVA_HOME'] as const) {
    if (!existsSync(config[name])) throw new RatehouseError('RATEHOUSE_CONFIG', `${name} names nothing that is there.`);
  }
  context.signal.throwIfAborted();
  const folder = mkdtempSync(join(tmpdir(), 'ratehouse-spark-'));
  try {
    const file = join(folder, 'job.json');
    writeFileSync(file, JSON.stringify(jobFile(run, config, context.root, folder)), { mode: 0o600 });
    const report = new SparkReport(context.log, secretsOf(config.secrets));
    const child = spawn(config.RATEHOUSE_SPARK_PYTHON, [join(context.root, 'spark-sql', 'launcher.py'), file], {
      cwd: folder,
      env: environment(config, context.env, folder),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that Python and the JVM below it can be ended as one.
      detached: true,
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      report.output(line);
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      report.sparkLog(line);
    });
    const ending = await ended(child, context.signal);
    context.signal.throwIfAborted();
    return report.finish(run.name, ending);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function jobFile(run: SparkRun, config: LocalSparkConfig, root: string, folder: string): object {
  return {
    name: run.name,
    run_id: run.runId,
    sql: join(root, 'spark-sql', `${run.name}.sql`),
    args: run.parameters,
    target: run.target,
    conf: { ...lakeConf(config.catalog), ...localConf(config.RATEHOUSE_SPARK_JARS, folder) },
    secret_conf: sparkSecrets(config.catalog),
    ends_with_parent: true,
  };
}

/** Nothing of the task's own environment but these: it holds the secrets of other systems. */
function environment(config: LocalSparkConfig, env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const { storage, credential } = config.secrets;
  return {
    PATH: env['PATH'],
    HOME: folder,
    TMPDIR: folder,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    JAVA_HOME: config.RATEHOUSE_SPARK_JAVA_HOME,
    SPARK_LOCAL_IP: '127.0.0.1',
    ...(storage === undefined
      ? awsChain(env)
      : {
          AWS_ACCESS_KEY_ID: storage.accessKey,
          AWS_SECRET_ACCESS_KEY: storage.secretKey,
          AWS_EC2_METADATA_DISABLED: 'true',
        }),
    ...(credential === undefined ? {} : { CATALOG_CREDENTIAL: credential }),
  };
}

/** All that AWS's SDK looks at for credentials; the files of its profiles are in the home that Spark does not get. */
function awsChain(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = env['HOME'];
  const profiles =
    home === undefined
      ? {}
      : {
          AWS_CONFIG_FILE: join(home, '.aws', 'config'),
          AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws', 'credentials'),
        };
  return { ...profiles, ...Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('AWS_'))) };
}

const secretsOf = ({ storage, credential }: CatalogSecrets): string[] =>
  [storage?.secretKey, credential?.slice(credential.indexOf(':') + 1)].filter((secret) => secret !== undefined);

/**
 * Waits until the whole group has let go of its output, so that nothing of it writes any more. When the signal aborts, or one of
 * the two processes is gone, the group gets SIGTERM, and SIGKILL ten seconds later.
 */
function ended(child: ChildProcess, signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let killing: NodeJS.Timeout | undefined;
    const stop = (): void => {
      endGroup(child, 'SIGTERM');
      killing ??= setTimeout(() => {
        endGroup(child, 'SIGKILL');
      }, KILL_AFTER_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    child.once('exit', stop);
    const over = (): void => {
      clearTimeout(killing);
      signal.removeEventListener('abort', stop);
    };
    child.once('error', (cause) => {
      over();
      const message = `RATEHOUSE_SPARK_PYTHON cannot be run: ${cause.message}`;
      reject(new RatehouseError('RATEHOUSE_CONFIG', message, { cause }));
    });
    child.once('close', (code, killedBy) => {
      over();
      resolve({ code, signal: killedBy });
    });
  });
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
