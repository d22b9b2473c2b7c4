import { RatehouseError } from '../error.ts';
import { kafkaClient } from '../kafka.ts';
import type { Log } from '../log.ts';
import { catchesUp } from './catch-up.ts';
import { allJobs, cancelJob, lastFailure, stopWithSavepoint } from './cluster.ts';
import { becomesHealthy, type Health } from './health.ts';
import { sourceTopics, substitute, type JobFile } from './job-file.ts';
import type { JobMemories } from './memory.ts';
import { jobName, type Action } from './plan.ts';
import { explainTopology, submit, type Submission } from './submit.ts';

/** How long a job may take until all its tasks run and a checkpoint is complete. */
const HEALTHY_MS = 180_000;
/** How long a new job may take to read what the old one has read. */
const CATCH_UP_MS = 3_600_000;

export interface Cluster {
  /** Base URL of Flink's REST API. */
  readonly flink: string;
  readonly brokers: readonly string[];
  readonly submission: Submission;
  readonly memories: JobMemories;
  /** Where a job left its newest state. */
  readonly stateOf: (jobId: string) => Promise<string | undefined>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface Outcome extends Health {
  readonly jobId: string;
  readonly generation: number;
}

/** Does what the plan says of one job, and ends when the job is healthy. What it does is remembered step by step. */
export async function carryOut(
  action: Exclude<Action, { kind: 'refuse' }>,
  job: JobFile,
  topology: string | undefined,
  cluster: Cluster,
): Promise<Outcome> {
  switch (action.kind) {
    case 'leave':
      return settle(job, action, topology, undefined, cluster);
    case 'start':
      return begin(job, action.generation, topology, undefined, cluster);
    case 'resume':
      return begin(job, action.generation, topology, action.from, cluster);
    case 'upgrade': {
      const from = await stop(job, action.jobId, cluster);
      return begin(job, action.generation, topology, from, cluster);
    }
    case 'replace':
      return replace(action, job, topology, cluster);
  }
}

/** Stops a job and tells where its state is: a savepoint, or of one that does not run its newest checkpoint. */
async function stop(job: JobFile, jobId: string, cluster: Cluster): Promise<string> {
  const { flink, log, memories, signal } = cluster;
  const healthy = (await allJobs(flink, signal)).some((each) => each.id === jobId && each.healthy);
  if (healthy) {
    const savepoint = await stopWithSavepoint(flink, jobId, signal);
    log.info(`job ${job.name} was stopped with a savepoint`, { job_id: jobId, savepoint });
    return savepoint;
  }
  const memory = memories.of(job.name);
  const checkpoint =
    (await cluster.stateOf(jobId)) ?? (memory?.jobId === jobId ? (memory.checkpoint ?? memory.from) : undefined);
  if (checkpoint === undefined) {
    const why = (await lastFailure(flink, jobId, signal)) ?? 'some of its tasks do not run';
    throw new RatehouseError(
      'RATEHOUSE_REFUSED',
      `Job ${job.name} (${jobId}) cannot take a savepoint, and has no checkpoint to go on from: ${why} ` +
        'If there is nothing in its state to keep, cancel it and run sync-flink again: it then begins anew.',
    );
  }
  await cancelJob(flink, jobId, signal);
  log.info(`job ${job.name} did not run and was cancelled`, { job_id: jobId, checkpoint });
  return checkpoint;
}

async function begin(
  job: JobFile,
  generation: number,
  known: string | undefined,
  from: string | undefined,
  cluster: Cluster,
): Promise<Outcome> {
  const { submission, log } = cluster;
  const topology = known ?? (await explainTopology(job, submission));
  const jobId = await submit(job, submission, { generation, topology, from });
  log.info(`job ${job.name} was submitted`, { job_id: jobId, generation, from: from ?? 'the beginning' });
  return settle(job, { jobId, generation }, topology, from, cluster);
}

/** Remembers the job, and waits until it is healthy. */
async function settle(
  job: JobFile,
  { jobId, generation }: { jobId: string; generation: number },
  topology: string | undefined,
  from: string | undefined,
  { flink, memories, signal }: Cluster,
): Promise<Outcome> {
  const held = memories.of(job.name);
  const memory = {
    ...(held?.jobId === jobId ? held : { from }),
    jobId,
    hash: job.hash,
    topology: topology ?? held?.topology ?? '',
    generation,
  };
  await memories.remember(job.name, memory);
  const health = await becomesHealthy(flink, { id: jobId, name: jobName(job.name, generation) }, HEALTHY_MS, signal);
  await memories.remember(job.name, { ...memory, checkpoint: health.checkpoint });
  return { jobId, generation, ...health };
}

/**
 * The new job beside the old one, until it has read as far; then the old one ends, with a savepoint. Rows of both are told apart by
 * their generation, of which the newer wins. Until the old one has ended, it is the one that is remembered.
 */
async function replace(
  action: Extract<Action, { kind: 'replace' }>,
  job: JobFile,
  known: string | undefined,
  cluster: Cluster,
): Promise<Outcome> {
  const { flink, brokers, submission, log, signal } = cluster;
  const { generation, oldGeneration, oldJobId } = action;
  const topology = known ?? (await explainTopology(job, submission));
  const jobId = action.newJobId ?? (await submit(job, submission, { generation, topology, from: undefined }));
  log.info(`job ${job.name} of generation ${generation} runs beside generation ${oldGeneration}`, { job_id: jobId });
  await becomesHealthy(flink, { id: jobId, name: jobName(job.name, generation) }, HEALTHY_MS, signal);
  const topics = sourceTopics(job).map((source) => {
    const of = (number: number) => ({
      topic: source.topic,
      group: substitute(source.group, new Map([['generation', String(number)]]), job.name),
    });
    return { older: of(oldGeneration), newer: of(generation) };
  });
  const admin = kafkaClient(brokers, log).admin();
  await admin.connect();
  try {
    await catchesUp(admin, topics, signal, CATCH_UP_MS);
  } finally {
    await admin.disconnect();
  }
  const savepoint = await stopWithSavepoint(flink, oldJobId, signal);
  log.info(`job ${job.name} of generation ${oldGeneration} was stopped`, { job_id: oldJobId, savepoint });
  return settle(job, { jobId, generation }, topology, undefined, cluster);
}
