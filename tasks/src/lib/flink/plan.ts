/** What the cluster says of a job that has not ended. */
export interface RunningJob {
  readonly id: string;
  readonly name: string;
}

/** What sync-flink remembers of a job that it started. */
export interface JobMemory {
  readonly jobId: string;
  readonly hash: string;
  /** Raised whenever a job begins anew without its predecessor's state: its rows then win over the older ones. */
  readonly generation: number;
}

export type Action =
  | { readonly kind: 'leave'; readonly name: string; readonly jobId: string }
  | { readonly kind: 'start'; readonly name: string; readonly generation: number }
  | {
      readonly kind: 'resume';
      readonly name: string;
      readonly lostJobId: string;
      readonly checkpoint: string;
      readonly generation: number;
    }
  | { readonly kind: 'upgrade'; readonly name: string; readonly jobId: string; readonly generation: number };

/**
 * What to do for one wanted job: pure, from what is there and what is wanted.
 *
 * @param checkpoint the newest completed checkpoint of the remembered job, if any
 */
export function planJob(
  wanted: { readonly name: string; readonly hash: string },
  running: readonly RunningJob[],
  memory: JobMemory | undefined,
  checkpoint: string | undefined,
): Action {
  const { name } = wanted;
  const alive = running.find((job) => job.name === name);
  if (alive !== undefined) {
    if (memory === undefined || memory.hash !== wanted.hash) {
      return { kind: 'upgrade', name, jobId: alive.id, generation: memory?.generation ?? 1 };
    }
    return { kind: 'leave', name, jobId: alive.id };
  }
  if (memory !== undefined && checkpoint !== undefined) {
    return { kind: 'resume', name, lostJobId: memory.jobId, checkpoint, generation: memory.generation };
  }
  return { kind: 'start', name, generation: (memory?.generation ?? 0) + 1 };
}
