import { z } from 'zod';
import { RatehouseError, describe } from '../error.ts';
import { request } from '../http.ts';
import { waitFor } from '../wait.ts';
import { allJobs, lastFailure } from './cluster.ts';

const checkpoints = z.object({
  counts: z.object({ completed: z.number() }),
  latest: z.object({ completed: z.object({ external_path: z.string() }).nullish() }),
});
const vertices = z.object({ vertices: z.array(z.object({ id: z.string() })) });
const watermarks = z.array(z.object({ value: z.string() }));

export interface Health {
  /** The newest completed checkpoint. */
  readonly checkpoint: string;
  /** By how much the job's watermark is behind the clock, where it has one. */
  readonly watermarkLagMs: number | null;
}

/**
 * Waits until all tasks of a job run and a checkpoint has completed since.
 * @throws RATEHOUSE_REFUSED when the job fails, RATEHOUSE_TIMEOUT when it does neither; both with the root of its last failure
 */
export async function becomesHealthy(
  flink: string,
  job: { readonly id: string; readonly name: string },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Health> {
  const { id, name } = job;
  let before: number | undefined;
  let ended: string | undefined;
  try {
    return await waitFor(
      async () => {
        const found = (await allJobs(flink, signal)).find((each) => each.id === id);
        if (found?.state === 'FAILED' || found?.state === 'CANCELED') ended = found.state;
        if (found?.healthy !== true) {
          before = undefined;
          return undefined;
        }
        const { counts, latest } = checkpoints.parse(
          (await request(`${flink}/jobs/${id}/checkpoints`, { signal })).body,
        );
        before ??= counts.completed;
        const path = latest.completed?.external_path;
        if (counts.completed <= before || path === undefined) return undefined;
        return { checkpoint: path, watermarkLagMs: await watermarkLag(flink, id, signal) };
      },
      {
        what: `all tasks of job ${name} to run and a checkpoint to complete`,
        timeoutMs,
        signal,
        intervalMs: 300,
        check() {
          if (ended !== undefined)
            throw new RatehouseError('RATEHOUSE_REFUSED', `Job ${name} (${id}) has ended: ${ended}.`);
        },
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    const why = await lastFailure(flink, id, signal).catch(() => undefined);
    if (!(error instanceof RatehouseError) || why === undefined) throw error;
    throw new RatehouseError(error.code, `${describe(error)} Its last failure: ${why}`, { cause: error });
  }
}

async function watermarkLag(flink: string, jobId: string, signal: AbortSignal): Promise<number | null> {
  const { vertices: found } = vertices.parse((await request(`${flink}/jobs/${jobId}`, { signal })).body);
  const values = await Promise.all(
    found.map(async ({ id }) =>
      watermarks.parse((await request(`${flink}/jobs/${jobId}/vertices/${id}/watermarks`, { signal })).body),
    ),
  );
  const known = values
    .flat()
    .map(({ value }) => Number(value))
    .filter((value) => value > 0);
  return known.length === 0 ? null : Math.max(0, Date.now() - Math.min(...known));
}
