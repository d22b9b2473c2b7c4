import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import { request } from '../http.ts';
import { waitFor } from '../wait.ts';
import { rootCause } from './gateway.ts';
import type { RunningJob } from './plan.ts';

const overview = z.object({
  jobs: z.array(
    z.object({
      jid: z.string(),
      name: z.string(),
      state: z.string(),
      tasks: z.object({ total: z.number(), running: z.number() }),
    }),
  ),
});
const trigger = z.object({ 'request-id': z.string() });
const savepoint = z.object({
  status: z.object({ id: z.string() }),
  operation: z
    .object({ location: z.string().optional(), 'failure-cause': z.object({ 'stack-trace': z.string() }).optional() })
    .optional(),
});
const jobConfig = z.object({
  'execution-config': z.object({ 'user-config': z.record(z.string(), z.string()) }).optional(),
});
const exceptions = z.object({
  exceptionHistory: z.object({ entries: z.array(z.object({ stacktrace: z.string() })) }),
});

const ENDED = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** The names under which a job carries what it was submitted as, in its global parameters. */
export const PARAMETERS = {
  hash: 'ratehouse.hash',
  topology: 'ratehouse.topology',
  generation: 'ratehouse.generation',
};

/** A job of the cluster's overview. */
export interface OverviewJob {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** All of its tasks run. Its state alone says little: it is RUNNING while tasks are still being deployed. */
  readonly healthy: boolean;
}

/** All jobs that the cluster knows; names may repeat among those that have ended. @param flink base URL of the REST API */
export async function allJobs(flink: string, signal?: AbortSignal): Promise<OverviewJob[]> {
  const { jobs } = overview.parse((await request(`${flink}/jobs/overview`, { signal })).body);
  return jobs.map(({ jid, name, state, tasks }) => ({
    id: jid,
    name,
    state,
    healthy: state === 'RUNNING' && tasks.total > 0 && tasks.running === tasks.total,
  }));
}

/** Jobs that have not ended. */
export async function runningJobs(flink: string, signal?: AbortSignal): Promise<OverviewJob[]> {
  return (await allJobs(flink, signal)).filter(({ state }) => !ENDED.has(state));
}

/** Jobs that have not ended, with what sync-flink gave them. */
export async function knownJobs(flink: string, signal?: AbortSignal): Promise<RunningJob[]> {
  const running = await runningJobs(flink, signal);
  return Promise.all(
    running.map(async ({ id, name }) => {
      const found = jobConfig.parse((await request(`${flink}/jobs/${id}/config`, { signal })).body);
      const given = found['execution-config']?.['user-config'] ?? {};
      const generation = given[PARAMETERS.generation];
      return {
        id,
        name,
        hash: given[PARAMETERS.hash],
        topology: given[PARAMETERS.topology],
        generation: generation === undefined ? undefined : Number(generation),
      };
    }),
  );
}

/** Stops a job with a savepoint and returns where it is; nothing of its open windows is shown before their time. */
export async function stopWithSavepoint(flink: string, jobId: string, signal: AbortSignal): Promise<string> {
  const stop = await request(`${flink}/jobs/${jobId}/stop`, { method: 'POST', json: { drain: false }, signal });
  const id = trigger.parse(stop.body)['request-id'];
  const location = await waitFor(
    async () => {
      const found = savepoint.parse((await request(`${flink}/jobs/${jobId}/savepoints/${id}`, { signal })).body);
      if (found.status.id !== 'COMPLETED') return undefined;
      return found.operation?.location ?? { failed: found.operation?.['failure-cause']?.['stack-trace'] };
    },
    { what: `the savepoint of job ${jobId}`, timeoutMs: 120_000, signal },
  );
  if (typeof location !== 'string') {
    const why = location.failed === undefined ? 'no reason given' : rootCause({ errors: [location.failed] });
    throw new RatehouseError('RATEHOUSE_REFUSED', `Flink could not stop job ${jobId} with a savepoint: ${why}`);
  }
  await hasEnded(flink, jobId, signal);
  return location;
}

async function hasEnded(flink: string, jobId: string, signal: AbortSignal): Promise<void> {
  await waitFor(async () => !(await runningJobs(flink, signal)).some((job) => job.id === jobId), {
    what: `job ${jobId} to end`,
    timeoutMs: 60_000,
    signal,
  });
}

/** Cancels a job; its checkpoints stay. One that has ended already is no failure. */
export async function cancelJob(flink: string, jobId: string, signal: AbortSignal): Promise<void> {
  await request(`${flink}/jobs/${jobId}`, { method: 'PATCH', signal, also: [404, 409] });
  await hasEnded(flink, jobId, signal);
}

/** Why a job failed the last time, in one line; undefined when it never did. */
export async function lastFailure(flink: string, jobId: string, signal?: AbortSignal): Promise<string | undefined> {
  const { body } = await request(`${flink}/jobs/${jobId}/exceptions?maxExceptions=1`, { signal });
  const stack = exceptions.parse(body).exceptionHistory.entries[0]?.stacktrace;
  return stack === undefined ? undefined : rootCause({ errors: [stack] });
}
