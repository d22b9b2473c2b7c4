import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { request, type RequestOptions } from '../../tasks/src/lib/http.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import type { Stack } from './stack.ts';

const dagRun = z.object({ dag_run_id: z.string(), state: z.string() });
const taskInstance = z.object({
  task_id: z.string(),
  state: z.string().nullable(),
  try_number: z.number(),
  max_tries: z.number(),
});
export type TaskInstance = z.infer<typeof taskInstance>;

/** A task that runs is told of again after so long. */
const TELL_EVERY_MS = 15_000;
const LOG_LINES = 20;

export interface WatchOptions {
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export interface RunEnd {
  readonly run: string;
  /** State by task. */
  readonly tasks: ReadonlyMap<string, string>;
}

/** Airflow's REST API, as the user of the embedded stack. */
export class Airflow {
  private token: string | undefined;

  constructor(
    private readonly url: string,
    private readonly login: { readonly username: string; readonly password: string },
  ) {}

  static of(stack: Stack): Airflow {
    return new Airflow(stack.url('airflow'), { username: 'ratehouse', password: stack.credentials.airflow });
  }

  /** Waits until a DAG was read from its file; a file that cannot be read is told at once. */
  async waitForDag(dag: string, signal?: AbortSignal): Promise<void> {
    await waitFor(async () => (await this.api(`/dags/${dag}`, { also: [404], signal })).status === 200, {
      what: `Airflow to read the DAG ${dag}`,
      timeoutMs: 120_000,
      intervalMs: 500,
      signal,
      check: async () => {
        const { body } = await this.api('/importErrors', { signal });
        const [first] = importErrors.parse(body).import_errors;
        if (first !== undefined)
          throw new RatehouseError('RATEHOUSE_REFUSED', `${first.filename} cannot be read:\n${first.stack_trace}`);
      },
    });
  }

  async unpause(dag: string): Promise<void> {
    await this.api(`/dags/${dag}`, { method: 'PATCH', json: { is_paused: false } });
  }

  async isPaused(dag: string): Promise<boolean> {
    const { body } = await this.api(`/dags/${dag}`);
    return z.object({ is_paused: z.boolean() }).parse(body).is_paused;
  }

  /** Starts a run, with parameters where the DAG has some; returns its id. */
  async trigger(dag: string, conf: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { body } = await this.api(`/dags/${dag}/dagRuns`, { method: 'POST', json: { logical_date: null, conf } });
    return dagRun.parse(body).dag_run_id;
  }

  /** Makes a run do all its tasks again, under the same id. */
  async clear(dag: string, run: string): Promise<void> {
    const json = { dry_run: false, only_failed: false };
    await this.api(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}/clear`, { method: 'POST', json });
  }

  /** One run for each of the DAG's intervals in [from, to], one after the other, also where there was one; returns the backfill's id. */
  async backfill(dag: string, from: string, to: string): Promise<number> {
    const json = { dag_id: dag, from_date: from, to_date: to, max_active_runs: 1, reprocess_behavior: 'completed' };
    const { body } = await this.api('/backfills', { method: 'POST', json });
    return z.object({ id: z.number() }).parse(body).id;
  }

  /** Whether a backfill has come to its end. */
  async backfillDone(id: number): Promise<boolean> {
    const { body } = await this.api(`/backfills/${id}`);
    return z.object({ completed_at: z.string().nullable() }).parse(body).completed_at !== null;
  }

  async runs(dag: string): Promise<{ readonly run: string; readonly state: string; readonly type: string }[]> {
    const { body } = await this.api(`/dags/${dag}/dagRuns?limit=100&order_by=-run_after`);
    const found = z.object({ dag_runs: z.array(dagRun.extend({ run_type: z.string() })) }).parse(body);
    return found.dag_runs.map((each) => ({ run: each.dag_run_id, state: each.state, type: each.run_type }));
  }

  async tasks(dag: string, run: string, signal?: AbortSignal): Promise<TaskInstance[]> {
    const { body } = await this.api(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances`, { signal });
    return z.object({ task_instances: z.array(taskInstance) }).parse(body).task_instances;
  }

  /** The JSON that a task returned. */
  async result(dag: string, run: string, task: string): Promise<unknown> {
    const path = `/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances/${task}/xcomEntries/return_value`;
    const { body } = await this.api(`${path}?deserialize=true`);
    return z.object({ value: z.unknown() }).parse(body).value;
  }

  /**
   * Tells each task's progress until the run has ended.
   * @throws RATEHOUSE_REFUSED with the end of the failed task's log
   */
  async waitForRun(dag: string, run: string, options: WatchOptions): Promise<RunEnd> {
    const { say, signal, timeoutMs = 3_600_000 } = options;
    const deadline = Date.now() + timeoutMs;
    const progress = new Progress(dag, say);
    for (;;) {
      const { body } = await this.api(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}`, { signal });
      const { state } = dagRun.parse(body);
      const tasks = await this.tasks(dag, run, signal);
      progress.tell(tasks, Date.now());
      if (state === 'success')
        return { run, tasks: new Map(tasks.map((each) => [each.task_id, each.state ?? 'none'])) };
      if (state === 'failed') throw await this.failure(dag, run, tasks);
      if (Date.now() > deadline)
        throw new RatehouseError(
          'RATEHOUSE_TIMEOUT',
          `The run ${run} of ${dag} did not end; ${this.pageOf(dag, run)}.`,
        );
      await delay(1000, undefined, { signal });
    }
  }

  /** The last lines of a task's newest log. */
  async logEnd(dag: string, run: string, { task_id: task, try_number: attempt }: TaskInstance): Promise<string[]> {
    const path = `/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances/${task}/logs/${attempt}`;
    const { body } = await this.api(`${path}?full_content=true`);
    const { content } = z.object({ content: z.array(z.union([z.string(), logLine])) }).parse(body);
    return content
      .map((line) => (typeof line === 'string' ? line : lineText(line)))
      .filter((line) => !line.includes('::group::') && !line.includes('::endgroup::'))
      .slice(-LOG_LINES);
  }

  private async failure(dag: string, run: string, tasks: readonly TaskInstance[]): Promise<RatehouseError> {
    const failed = tasks.find((task) => task.state === 'failed');
    if (failed === undefined) return new RatehouseError('RATEHOUSE_REFUSED', `The run ${run} of ${dag} failed.`);
    // The log is for a person's eyes; that it cannot be had is no reason to hide the failure.
    const lines = await this.logEnd(dag, run, failed).catch(() => ['(its log could not be read)']);
    return new RatehouseError(
      'RATEHOUSE_REFUSED',
      `${dag}.${failed.task_id} failed. The end of its log (all of it: ${this.pageOf(dag, run)}):\n${lines.map((l) => `  ${l}`).join('\n')}`,
    );
  }

  private pageOf(dag: string, run: string): string {
    return `${this.url}/dags/${dag}/runs/${encodeURIComponent(run)}`;
  }

  private async api(path: string, options: RequestOptions = {}): ReturnType<typeof request> {
    const call = async (): ReturnType<typeof request> => {
      this.token ??= await this.authenticate();
      return request(`${this.url}/api/v2${path}`, {
        timeoutMs: 30_000,
        ...options,
        bearer: this.token,
        also: [401, ...(options.also ?? [])],
      });
    };
    let reply = await call();
    if (reply.status === 401) {
      // Tokens last a day; a stack may run longer.
      this.token = undefined;
      reply = await call();
    }
    if (reply.status === 401) throw new RatehouseError('RATEHOUSE_REFUSED', `Airflow at ${this.url} refused its user.`);
    return reply;
  }

  private async authenticate(): Promise<string> {
    const { body } = await request(`${this.url}/auth/token`, { method: 'POST', json: this.login, timeoutMs: 30_000 });
    return z.object({ access_token: z.string() }).parse(body).access_token;
  }
}

const logLine = z.object({
  event: z.string(),
  level: z.string().optional(),
  /** Of a logged exception, from the one that was caught to its cause. */
  error_detail: z.array(z.object({ exc_value: z.string() })).nullish(),
});

function lineText({ event, level, error_detail: errors }: z.infer<typeof logLine>): string {
  const reasons = (errors ?? []).map((each) => `: ${each.exc_value}`);
  return `${level === undefined ? '' : `${level.toUpperCase()} `}${event}${reasons.join('')}`;
}

const importErrors = z.object({
  import_errors: z.array(z.object({ filename: z.string(), stack_trace: z.string() })),
});

/** Says what a run's tasks do: each change of state, and now and then that one still runs. */
export class Progress {
  private readonly seen = new Map<string, { readonly mark: string; readonly since: number; told: number }>();

  constructor(
    private readonly dag: string,
    private readonly say: (line: string) => void,
  ) {}

  tell(tasks: readonly TaskInstance[], now: number): void {
    for (const { task_id: task, state, try_number: attempt } of tasks) {
      // Waiting states come and go within a second or two, and say nothing to a person.
      if (state === null || state === 'scheduled' || state === 'queued') continue;
      const mark = `${state} ${attempt}`;
      const seen = this.seen.get(task);
      const name = `  ${`${this.dag}.${task}`.padEnd(26)}`;
      const again = attempt > 1 ? ` (attempt ${attempt})` : '';
      if (seen?.mark !== mark) {
        const took = seen?.mark === `running ${attempt}` ? ` after ${seconds(now - seen.since)}` : '';
        this.say(`${name} ${state.replaceAll('_', ' ')}${took}${again}`);
        this.seen.set(task, { mark, since: now, told: now });
      } else if (state === 'running' && now - seen.told >= TELL_EVERY_MS) {
        this.say(`${name} running ${seconds(now - seen.since)}${again}`);
        seen.told = now;
      }
    }
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
