import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildArguments, dbtEnvironment, queryComment } from '../../../tasks/src/lib/dbt/child.ts';
import { failingRows } from '../../../tasks/src/lib/dbt/failing-rows.ts';
import { DbtLog } from '../../../tasks/src/lib/dbt/log.ts';
import { readResults } from '../../../tasks/src/lib/dbt/results.ts';
import { RatehouseError, exitCodeOf } from '../../../tasks/src/lib/error.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { runDbt } from '../../../tasks/src/run-dbt.ts';

const CLICKHOUSE = {
  RATEHOUSE_CLICKHOUSE_URL: 'http://127.0.0.1:8123',
  RATEHOUSE_CLICKHOUSE_USER: 'ratehouse',
  RATEHOUSE_CLICKHOUSE_PASSWORD: 's3cret',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratehouse-dbt-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the dbt that run-dbt starts', () => {
  it('gets ClickHouse from its environment, and of the task none but what it needs', () => {
    const env = { PATH: '/bin', RATEHOUSE_S3_SECRET_KEY: 'other', AWS_PROFILE: 'other' };
    const given = dbtEnvironment(CLICKHOUSE, env, folder);
    expect(given).to.include({
      PATH: '/bin',
      RATEHOUSE_DBT_HOST: '127.0.0.1',
      RATEHOUSE_DBT_PORT: '8123',
      RATEHOUSE_DBT_SECURE: 'false',
      RATEHOUSE_DBT_DATABASE: 'gold',
      DBT_ENV_SECRET_CLICKHOUSE_PASSWORD: 's3cret',
      DO_NOT_TRACK: '1',
    });
    expect(Object.values(given)).not.to.include('other');
  });

  it('gets the port that a URL leaves out', () => {
    const port = (url: string): string | undefined =>
      dbtEnvironment({ ...CLICKHOUSE, RATEHOUSE_CLICKHOUSE_URL: url }, {}, folder)['RATEHOUSE_DBT_PORT'];
    expect(port('https://clickhouse.example')).to.equal('443');
    expect(port('https://clickhouse.example:8443')).to.equal('8443');
    expect(port('http://clickhouse.example')).to.equal('80');
  });

  it('gets the password in no argument, and writes to the temporary folder alone', () => {
    const argv = buildArguments('/project/dbt', folder, 'run-1');
    expect(argv.join(' ')).not.to.include('s3cret');
    for (const option of ['--target-path', '--log-path'])
      expect(argv[argv.indexOf(option) + 1]).to.match(new RegExp(`^${folder}/`));
    expect(argv).to.include('--no-send-anonymous-usage-stats');
  });

  it('is known in ClickHouse by a comment with the name of the database', () => {
    expect(queryComment('gold')).to.equal('ratehouse run-dbt gold');
  });
});

describe("dbt's results", () => {
  const node = (unique_id: string, status: string, message: string | null = null): object => ({
    unique_id,
    status,
    message,
    execution_time: 0.12345,
    adapter_response: status === 'success' ? { _message: 'OK', query_id: `q-${unique_id}` } : {},
  });
  const read = (...results: object[]): ReturnType<typeof readResults> => {
    const file = join(folder, 'run_results.json');
    writeFileSync(file, JSON.stringify({ metadata: {}, results }));
    return readResults(file);
  };

  it('are the models with their times, and how many tests passed, failed and were left out', () => {
    const results = read(
      node('model.ratehouse.candles', 'success'),
      node('test.ratehouse.not_null_candles_close.cf57f44dbc', 'pass'),
      node('test.ratehouse.warned.1', 'warn'),
      node('test.ratehouse.later.2', 'skipped'),
      node('exposure.ratehouse.dashboard', 'no-op'),
    );
    expect(results).to.deep.equal({
      models: [{ name: 'candles', status: 'success', seconds: 0.123, queryId: 'q-model.ratehouse.candles' }],
      tests: {
        passed: 2,
        failed: 0,
        skipped: 1,
        each: [
          { name: 'not_null_candles_close', status: 'pass', seconds: 0.123, failures: 0 },
          { name: 'warned', status: 'warn', seconds: 0.123, failures: 0 },
          { name: 'later', status: 'skipped', seconds: 0.123, failures: 0 },
        ],
      },
      firstFailure: undefined,
    });
  });

  it('name the first that failed, with its message, and not what was skipped because of it', () => {
    const results = read(
      node('model.ratehouse.macd', 'skipped'),
      {
        ...node('test.ratehouse.candles_low.9', 'fail', 'Got 3 results, configured to fail if != 0'),
        failures: 3,
        compiled_code: 'SELECT 1',
      },
      node('model.ratehouse.other', 'error', '\n  Database Error\n'),
    );
    expect(results.firstFailure).to.deep.equal({
      message: 'candles_low: Got 3 results, configured to fail if != 0',
      query: 'SELECT 1',
    });
    expect(results.tests).to.include({ passed: 0, failed: 1, skipped: 0 });
    expect(results.tests.each[0]).to.include({ name: 'candles_low', failures: 3 });
  });

  it('name a model whose error has no message', () => {
    expect(read(node('model.ratehouse.macd', 'error')).firstFailure).to.deep.equal({
      message: 'macd: error',
      query: undefined,
    });
  });

  it('are refused when they are no results', () => {
    const file = join(folder, 'none.json');
    expect(() => readResults(file)).to.throw(RatehouseError, /dbt left no results that can be read/);
    writeFileSync(file, '{"results": [{"status": 1}]}');
    expect(() => readResults(file)).to.throw(RatehouseError, /are not what was expected/);
  });
});

describe('the rows of a failed test', () => {
  const clickhouse = (rows: AsyncGenerator<object, void, undefined>): Parameters<typeof failingRows>[2] => ({
    queryFile: () => rows as never,
  });

  it('stand below its message, the first five of them', async () => {
    async function* seven(): AsyncGenerator<object, void, undefined> {
      for (let n = 1; n <= 7; n += 1) yield await Promise.resolve({ symbol: 'A', row_count: n });
    }
    const found = await failingRows('SELECT 1', folder, clickhouse(seven()));
    expect(found.split('\n').slice(1)).to.have.length(5).and.include('{"symbol":"A","row_count":5}');
    expect(readFileSync(join(folder, 'failed-test.sql'), 'utf8')).to.equal('SELECT 1');
  });

  it('are not needed for the failure to be told', async () => {
    // eslint-disable-next-line require-yield
    async function* none(): AsyncGenerator<object, void, undefined> {
      await Promise.reject(new Error('ClickHouse is gone'));
    }
    expect(await failingRows('SELECT 1', folder, clickhouse(none()))).to.include('ClickHouse is gone');
  });
});

describe("dbt's output", () => {
  const lines: string[] = [];
  const log = (): DbtLog => {
    lines.length = 0;
    return new DbtLog(jsonLog((text) => lines.push(text)));
  };
  const line = (level: string, msg: string, name = 'LogModelResult'): string =>
    JSON.stringify({ data: {}, info: { level, msg, name } });

  it('becomes lines of the task, without the empty ones and those that say that something starts', () => {
    const taken = log();
    taken.take(line('info', '1 of 2 OK'));
    taken.take(line('info', ''));
    taken.take(line('info', '2 of 2 START', 'LogStartLine'));
    taken.take(line('warn', 'deprecated'));
    expect(lines.map((text) => JSON.parse(text) as object)).to.have.length(2);
    expect(lines[0]).to.include('"info"').and.include('1 of 2 OK');
    expect(lines[1]).to.include('"warn"');
    expect(taken.lastErrors()).to.equal('');
  });

  it('keeps the last errors, also those of Python, for a dbt that leaves no results', () => {
    const taken = log();
    for (let n = 1; n <= 6; n += 1) taken.take(line('error', `error ${n}`));
    taken.take("ModuleNotFoundError: No module named 'dbt'");
    expect(taken.lastErrors().split('\n')).to.deep.equal([
      'error 3',
      'error 4',
      'error 5',
      'error 6',
      "ModuleNotFoundError: No module named 'dbt'",
    ]);
  });
});

describe('run-dbt', () => {
  it('names every setting that is missing, and ends with 2', async () => {
    const context = { env: {}, log: jsonLog(() => undefined), signal: new AbortController().signal, root: folder };
    try {
      await runDbt.run({ runId: 'r' }, context);
      expect.fail('it ran');
    } catch (error) {
      expect(error).to.be.instanceOf(RatehouseError).with.property('message').that.includes('RATEHOUSE_DBT');
      expect(exitCodeOf(error)).to.equal(2);
    }
  });
});
