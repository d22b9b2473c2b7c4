import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Airflow, Progress, type TaskInstance } from '../../../stack/lib/airflow.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';

type Answer = (body: unknown) => { status?: number; json: unknown };

/** An Airflow that answers as it is told to, and notes what it was asked with which token. */
class FakeAirflow {
  readonly asked: string[] = [];
  private tokens = 0;
  private readonly server: Server;

  constructor(private readonly answers: Readonly<Record<string, Answer>>) {
    this.server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        const call = `${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`;
        const token = request.headers.authorization ?? 'no token';
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        this.asked.push(`${call} ${token} ${text}`.trim());
        const { status = 200, json } = this.answer(call, token, body);
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
      });
    });
  }

  private answer(call: string, token: string, body: unknown): { status?: number; json: unknown } {
    if (call === 'POST /auth/token') {
      this.tokens += 1;
      return { status: 201, json: { access_token: String(this.tokens) } };
    }
    // The first token has expired.
    if (token === 'Bearer 1') return { status: 401, json: { detail: 'expired' } };
    const found = Object.entries(this.answers).find(([known]) => call.startsWith(known));
    return found?.[1](body) ?? { status: 404, json: { detail: call } };
  }

  async open(): Promise<Airflow> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const { port } = this.server.address() as AddressInfo;
    return new Airflow(`http://127.0.0.1:${port}`, { username: 'ratehouse', password: 'p' });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const task = (task_id: string, state: string | null, try_number = 1): TaskInstance => ({
  task_id,
  state,
  try_number,
  max_tries: 3,
});

describe("Airflow's REST client", () => {
  let fake: FakeAirflow | undefined;
  afterEach(() => fake?.close());
  const open = (answers: Readonly<Record<string, Answer>>): Promise<Airflow> => {
    fake = new FakeAirflow(answers);
    return fake.open();
  };

  it('takes another token when the one it has is refused', async () => {
    const airflow = await open({
      'POST /api/v2/dags/gold/dagRuns': () => ({ json: { dag_run_id: 'r', state: 'queued' } }),
    });
    expect(await airflow.trigger('gold', { start: null })).to.equal('r');
    expect(await airflow.trigger('gold')).to.equal('r');
    expect(fake?.asked.filter((call) => call.startsWith('POST /auth/token'))).to.have.length(2);
    expect(fake?.asked.at(-1)).to.equal('POST /api/v2/dags/gold/dagRuns Bearer 2 {"logical_date":null,"conf":{}}');
  });

  it('waits for the end of a run, and returns what each task came to', async () => {
    let asked = 0;
    const airflow = await open({
      'GET /api/v2/dags/gold/dagRuns/r/taskInstances': () => ({
        json: { task_instances: [task('plan_run', asked > 1 ? 'skipped' : 'running')] },
      }),
      'GET /api/v2/dags/gold/dagRuns/r': () => {
        asked += 1;
        return { json: { dag_run_id: 'r', state: asked > 1 ? 'success' : 'running' } };
      },
    });
    const said: string[] = [];
    const { tasks } = await airflow.waitForRun('gold', 'r', { say: (line) => said.push(line) });
    expect([...tasks]).to.deep.equal([['plan_run', 'skipped']]);
    expect(said.map((line) => line.trim().replaceAll(/\s+/g, ' '))).to.deep.equal([
      'gold.plan_run running',
      'gold.plan_run skipped after 1 s',
    ]);
  });

  it('a failed run is an error with the end of the failed task’s log, and the reason of its exception', async () => {
    const airflow = await open({
      'GET /api/v2/dags/gold/dagRuns/r 1/taskInstances/run_dbt/logs/2': () => ({
        json: {
          content: [
            { event: '::group::Log message source details' },
            { event: 'Running', level: 'info' },
            {
              event: 'Task failed with exception',
              level: 'error',
              error_detail: [{ exc_value: 'run-dbt: no server' }],
            },
          ],
        },
      }),
      'GET /api/v2/dags/gold/dagRuns/r 1/taskInstances': () => ({
        json: { task_instances: [task('plan_run', 'success'), task('run_dbt', 'failed', 2)] },
      }),
      'GET /api/v2/dags/gold/dagRuns/r 1': () => ({ json: { dag_run_id: 'r 1', state: 'failed' } }),
    });
    const error = await airflow.waitForRun('gold', 'r 1', { say: () => undefined }).catch((e: unknown) => e);
    if (!(error instanceof RatehouseError)) throw new Error('no error of ours');
    expect(error.message).to.match(/^gold\.run_dbt failed\. .*\/dags\/gold\/runs\/r%201\)/);
    expect(error.message.split('\n').slice(1)).to.deep.equal([
      '  INFO Running',
      '  ERROR Task failed with exception: run-dbt: no server',
    ]);
  });

  it('a DAG file that cannot be read is told at once', async () => {
    const airflow = await open({
      'GET /api/v2/importErrors': () => ({
        json: { import_errors: [{ filename: 'gold.py', stack_trace: 'SyntaxError: invalid syntax' }] },
      }),
    });
    const error = await airflow.waitForDag('gold').catch((e: unknown) => e);
    expect(String(error)).to.contain('gold.py cannot be read:\nSyntaxError: invalid syntax');
  });

  it('a backfill’s runs go one after the other, also where there was a run', async () => {
    const airflow = await open({ 'POST /api/v2/backfills': () => ({ json: { id: 7 } }) });
    expect(await airflow.backfill('gold', '2013-11-25T00:00:00Z', '2013-11-25T01:00:00Z')).to.equal(7);
    expect(fake?.asked.at(-1)).to.contain('"max_active_runs":1,"reprocess_behavior":"completed"');
  });
});

describe('the progress of a run', () => {
  const told = (steps: readonly (readonly [at: number, ...TaskInstance[]])[]): string[] => {
    const lines: string[] = [];
    const progress = new Progress('gold', (line) => lines.push(line.trim().replaceAll(/\s+/g, ' ')));
    for (const [at, ...tasks] of steps) progress.tell(tasks, at);
    return lines;
  };

  it('tells each change once, and now and then that a task still runs', () => {
    const running = task('run_dbt', 'running');
    expect(
      told([
        [0, task('run_dbt', 'queued')],
        [1000, running],
        [2000, running],
        [16_000, running],
        [17_000, running],
        [20_000, task('run_dbt', 'success')],
        [21_000, task('run_dbt', 'success')],
      ]),
    ).to.deep.equal(['gold.run_dbt running', 'gold.run_dbt running 15 s', 'gold.run_dbt success after 19 s']);
  });

  it('tells a further attempt as one', () => {
    expect(
      told([
        [0, task('run_dbt', 'running')],
        [5000, task('run_dbt', 'up_for_retry')],
        [9000, task('run_dbt', 'running', 2)],
      ]),
    ).to.deep.equal([
      'gold.run_dbt running',
      'gold.run_dbt up for retry after 5 s',
      'gold.run_dbt running (attempt 2)',
    ]);
  });
});
