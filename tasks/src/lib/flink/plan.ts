/** A job that the cluster runs, with what sync-flink gave it when it was submitted: nothing in one that came otherwise. */
export interface RunningJob {
  readonly id: string;
  readonly name: string;
  readonly hash?: string | undefined;
  readonly topology?: string | undefined;
  readonly generation?: number | undefined;
}

/** What sync-flink remembers of a job that it started. */
export interface JobMemory {
  readonly jobId: string;
  readonly hash: string;
  /** The shape of its operators, in which its state is kept. */
  readonly topology: string;
  /** Raised whenever a job begins anew without its predecessor's state: its rows then win over the older ones. */
  readonly generation: number;
  /** The savepoint or checkpoint that it was started from. */
  readonly from?: string | undefined;
  /** Its newest completed checkpoint when it was last looked at. */
  readonly checkpoint?: string | undefined;
}

/** Where a job is to go on from. */
interface Resumed {
  readonly generation: number;
  readonly from: string;
}

export type Action =
  | { readonly kind: 'leave'; readonly jobId: string; readonly generation: number }
  | { readonly kind: 'start'; readonly generation: number; readonly why: string }
  | ({ readonly kind: 'resume' } & Resumed)
  | { readonly kind: 'upgrade'; readonly jobId: string; readonly generation: number }
  | {
      readonly kind: 'replace';
      readonly oldJobId: string;
      readonly oldGeneration: number;
      readonly generation: number;
      /** The newer job, when an earlier sync has started it. */
      readonly newJobId?: string | undefined;
    }
  | { readonly kind: 'refuse'; readonly why: string };

export interface PlanInput {
  readonly wanted: { readonly name: string; readonly hash: string };
  /** The shape of what is wanted; looked up only where the hash changed. */
  readonly topology: string | undefined;
  /** Jobs of this name that have not ended. */
  readonly running: readonly RunningJob[];
  readonly memory: JobMemory | undefined;
  /** The newest savepoint or completed checkpoint of the remembered job. */
  readonly resumable: string | undefined;
  readonly replace: boolean;
}

/** The name that a job of this generation has on the cluster: a file's name, and from the second generation on its number. */
export const jobName = (name: string, generation: number): string =>
  generation === 1 ? name : `${name}#${generation}`;

/** Whether a job on the cluster is one of this file's. */
export const isOf = (name: string, job: string): boolean => job === name || job.startsWith(`${name}#`);

/** Whether planJob needs to know the shape of what is wanted. */
export function needsTopology({ wanted, running, memory }: Omit<PlanInput, 'topology' | 'replace'>): boolean {
  const held = running.length > 0 ? running.at(-1)?.hash : memory?.hash;
  return held !== undefined && held !== wanted.hash;
}

/** What to do for one wanted job: pure, from what is there and what is wanted. */
export function planJob(input: PlanInput): Action {
  const { running, wanted } = input;
  const jobs = [...running].sort((a, b) => (a.generation ?? 0) - (b.generation ?? 0));
  const [only, newer] = jobs;
  if (only === undefined) return planLost(input);
  const unknown = jobs.find((job) => job.generation === undefined);
  if (unknown !== undefined) {
    const why = `job ${unknown.id} runs under its name and was not started by sync-flink, so that its state cannot be judged; cancel it`;
    return { kind: 'refuse', why };
  }
  if (newer === undefined) return planRunning(input, only);
  const replacing = jobs.length === 2 && newer.hash === wanted.hash && newer.generation !== only.generation;
  if (replacing)
    return {
      kind: 'replace',
      oldJobId: only.id,
      oldGeneration: only.generation ?? 0,
      generation: newer.generation ?? 0,
      newJobId: newer.id,
    };
  return {
    kind: 'refuse',
    why: `jobs ${jobs.map(({ id }) => id).join(' and ')} run under its name; cancel the one that is not wanted`,
  };
}

function planRunning({ wanted, topology, replace, memory }: PlanInput, job: RunningJob): Action {
  const generation = job.generation ?? 1;
  if (job.hash === wanted.hash) return { kind: 'leave', jobId: job.id, generation };
  if (job.topology === topology) return { kind: 'upgrade', jobId: job.id, generation };
  if (!replace) return { kind: 'refuse', why: CHANGED };
  const next = Math.max(generation, memory?.generation ?? 0) + 1;
  return { kind: 'replace', oldJobId: job.id, oldGeneration: generation, generation: next };
}

function planLost({ wanted, topology, memory, resumable, replace }: PlanInput): Action {
  if (memory === undefined) return { kind: 'start', generation: 1, why: 'there is none' };
  const next = memory.generation + 1;
  if (resumable === undefined)
    return { kind: 'start', generation: next, why: 'it was lost before its first checkpoint' };
  const changed = memory.hash !== wanted.hash;
  if (changed && replace) return { kind: 'start', generation: next, why: 'it was lost, and is to be replaced' };
  if (changed && memory.topology !== topology) return { kind: 'refuse', why: CHANGED };
  return { kind: 'resume', from: resumable, generation: memory.generation };
}

const CHANGED =
  'its operators are others than those of the job whose state is kept, which cannot go on in them. ' +
  'With --replace a new one begins from the start of its topics, beside the old one, and takes over when it has caught up';
