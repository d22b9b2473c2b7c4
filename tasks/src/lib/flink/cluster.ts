import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import { request } from '../http.ts';
import { waitFor } from '../wait.ts';
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
    .object({ location: z.string().optional(), 'failure-cause': z.object({ class: z.string() }).optional() })
    .optional(),
});

const ENDED = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** Jobs that have not ended; names may repeat among those that have. @param flink base URL of the REST API */
export async function runningJobs(flink: string, signal?: AbortSignal): Promise<(RunningJob & { healthy: boolean })[]> {
  const { jobs } = overview.parse((await request(`${flink}/jobs/overview`, { signal })).body);
  return jobs
    .filter((job) => !ENDED.has(job.state))
    .map((job) => ({
      id: job.jid,
      name: job.name,
      healthy: job.tasks.total > 0 && job.tasks.running === job.tasks.total,
    }));
}

/** Stops a job with a savepoint and returns where it is. */
export async function stopWithSavepoint(flink: string, jobId: string, signal: AbortSignal): Promise<string> {
  const stop = await request(`${flink}/jobs/${jobId}/stop`, { method: 'POST', json: { drain: false }, signal });
  const id = trigger.parse(stop.body)['request-id'];
  return waitFor(
    async () => {
      const found = savepoint.parse((await request(`${flink}/jobs/${jobId}/savepoints/${id}`, { signal })).body);
      if (found.status.id !== 'COMPLETED') return undefined;
      if (found.operation?.location === undefined) {
        const why = found.operation?.['failure-cause']?.class ?? 'no reason given';
        throw new RatehouseError('RATEHOUSE_REFUSED', `Flink could not stop job ${jobId} with a savepoint: ${why}.`);
      }
      return found.operation.location;
    },
    { what: `the savepoint of job ${jobId}`, timeoutMs: 120_000, signal },
  );
}

/** The newest completed checkpoint of a job: the highest chk-N that holds its metadata. @param state URI of Flink's state */
export function newestCheckpoint(state: string, jobId: string): string | undefined {
  if (!state.startsWith('file://')) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `RATEHOUSE_FLINK_STATE must be a file:// URI for now; found ${state}.`,
    );
  }
  const folder = join(fileURLToPath(state), 'checkpoints', jobId);
  if (!existsSync(folder)) return undefined;
  const complete = readdirSync(folder)
    .filter((name) => /^chk-\d+$/.test(name) && existsSync(join(folder, name, '_metadata')))
    .filter((name) => statSync(join(folder, name, '_metadata')).size > 0)
    .sort((a, b) => Number(b.slice(4)) - Number(a.slice(4)));
  return complete[0] === undefined ? undefined : `file://${join(folder, complete[0])}`;
}
