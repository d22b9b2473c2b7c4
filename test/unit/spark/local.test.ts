import { mkdtempSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readCatalog } from '../../../tasks/src/lib/catalog/settings.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { runLocally, type LocalSparkConfig } from '../../../tasks/src/lib/spark/local.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';

const SECRET = 'the-secret-of-s3';
const RUN = { name: 'candles_1m', runId: 'r', target: 'lake.silver.candles_1m', parameters: { minutes: '[]' } };

/** Stands in for Python and the launcher: what it does is the text of `launcher.py`, a shell script. */
class FakeSpark {
  readonly folder = mkdtempSync(join(tmpdir(), 'ratehouse-fake-'));
  private readonly stop = new AbortController();

  constructor(script: string) {
    mkdirSync(join(this.folder, 'spark-sql'));
    writeFileSync(join(this.folder, 'spark-sql', 'launcher.py'), script);
  }

  run(settings: Partial<LocalSparkConfig> = {}): Promise<unknown> {
    const config: LocalSparkConfig = {
      ...readCatalog({
        RATEHOUSE_CATALOG_URI: 'http://127.0.0.1:1',
        RATEHOUSE_CATALOG_WAREHOUSE: 'warehouse',
        RATEHOUSE_S3_ENDPOINT: 'http://127.0.0.1:2',
        RATEHOUSE_S3_REGION: 'us-east-1',
        RATEHOUSE_S3_ACCESS_KEY: 'key',
        RATEHOUSE_S3_SECRET_KEY: SECRET,
      }),
      RATEHOUSE_SPARK_PYTHON: '/bin/sh',
      RATEHOUSE_SPARK_JARS: this.folder,
      RATEHOUSE_SPARK_JAVA_HOME: this.folder,
      ...settings,
    };
    const context = {
      env: { ...process.env, RATEHOUSE_CLICKHOUSE_PASSWORD: 'not for Spark', FAKE_SPARK: this.folder },
      log: jsonLog(() => undefined),
      signal: this.stop.signal,
      root: this.folder,
    };
    return runLocally(RUN, config, context);
  }

  cancel(): void {
    this.stop.abort(new RatehouseError('RATEHOUSE_CANCELLED', 'Stopped by SIGTERM.'));
  }

  file(name: string): string {
    return join(this.folder, name);
  }
}

const DONE = `echo '{"message":"done","snapshot_id":null,"inserted":0,"updated":0,"deleted":0}'`;

/** A process whose parent has not asked yet how it ended still has its entry, as a zombie. */
function gone(pid: string): Promise<unknown> {
  const stat = `/proc/${pid}/stat`;
  return waitFor(() => Promise.resolve(!existsSync(stat) || / Z /.test(readFileSync(stat, 'utf8'))), {
    what: `process ${pid} to end`,
    timeoutMs: 2000,
    intervalMs: 20,
  });
}

async function failureOf(work: Promise<unknown>): Promise<RatehouseError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RatehouseError) return error;
  throw new Error(`wanted a RatehouseError, found ${String(error)}`);
}

describe('Spark on this machine', () => {
  const made: FakeSpark[] = [];
  const using = (script: (folder: string) => string): FakeSpark => {
    const fake = new FakeSpark(script('$(dirname "$0")/..'));
    made.push(fake);
    return fake;
  };
  afterEach(() => {
    for (const { folder } of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('gets the keys by its environment alone: not by its arguments or its job file, and no other secret', async () => {
    const spark = using(
      (root) =>
        `cp "$1" "${root}/job.json"; env > "${root}/env"; tr '\\0' ' ' < /proc/$$/cmdline > "${root}/args"; ${DONE}`,
    );
    await spark.run();
    const read = (name: string): string => readFileSync(spark.file(name), 'utf8');
    expect(read('env')).to.include(`AWS_SECRET_ACCESS_KEY=${SECRET}`).and.not.include('not for Spark');
    expect(read('job.json')).not.to.include(SECRET);
    expect(read('args'))
      .to.match(/launcher\.py \S+job\.json/)
      .and.not.include(SECRET);
  });

  for (const [ending, script] of [
    ['done', DONE],
    ['failed', 'exit 1'],
  ] as const) {
    it(`leaves nothing in the folder for temporary files when it is ${ending}`, async () => {
      const spark = using((root) => `touch "$TMPDIR/spill"; echo "$TMPDIR" > "${root}/where"; ${script}`);
      await spark.run().catch(() => undefined);
      expect(existsSync(readFileSync(spark.file('where'), 'utf8').trim())).to.equal(false);
    });
  }

  it('is ended with all its processes when the task is stopped, and the task says by what', async () => {
    const spark = using((root) => `sleep 60 & echo $! > "${root}/child"; wait`);
    const run = failureOf(spark.run());
    const child = await waitFor(
      () => Promise.resolve(existsSync(spark.file('child')) && readFileSync(spark.file('child'), 'utf8').trim()),
      {
        what: 'the child of the fake Spark',
        timeoutMs: 5000,
        intervalMs: 20,
      },
    );
    spark.cancel();
    expect((await run).code).to.equal('RATEHOUSE_CANCELLED');
    await gone(child);
  });

  it('takes the JVM with it when the launcher is killed', async () => {
    const spark = using((root) => `sleep 60 & echo $! > "${root}/child"; kill -KILL $$`);
    const error = await failureOf(spark.run());
    expect(error.message).to.include('killed by SIGKILL');
    await gone(readFileSync(spark.file('child'), 'utf8').trim());
  });

  it('that is not there is a matter of configuration', async () => {
    const error = await failureOf(using(() => DONE).run({ RATEHOUSE_SPARK_PYTHON: '/no/such/python' }));
    expect(error.code).to.equal('RATEHOUSE_CONFIG');
    expect(error.message).to.include('RATEHOUSE_SPARK_PYTHON');
  });
});
