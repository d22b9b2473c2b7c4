import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Json, TaskCommand, TaskContext, TaskOutcome } from './lib/command.ts';
import { readConfig, type Setting } from './lib/config.ts';
import { RatehouseError } from './lib/error.ts';
import { carryOut, type Cluster, type Outcome } from './lib/flink/carry-out.ts';
import { knownJobs } from './lib/flink/cluster.ts';
import { readJob, type JobFile } from './lib/flink/job-file.ts';
import { customResources } from './lib/flink/custom-resource.ts';
import { JobMemories, openMemory } from './lib/flink/memory.ts';
import { isOf, needsTopology, planJob, type Action } from './lib/flink/plan.ts';
import { findState } from './lib/flink/state-files.ts';
import { explainTopology, fileValues, type Submission } from './lib/flink/submit.ts';
import { withLease } from './lib/lease.ts';

const SETTINGS = [
  'RATEHOUSE_KAFKA_BROKERS',
  'RATEHOUSE_REGISTRY_URL',
  'RATEHOUSE_FLINK_URL',
  'RATEHOUSE_SQL_GATEWAY_URL',
  'RATEHOUSE_FLINK_STATE',
  'RATEHOUSE_FLINK_FUNCTIONS',
  'RATEHOUSE_FLINK_MEMORY',
] as const;
type Config = { [N in (typeof SETTINGS)[number]]: Setting<N> };

/** Longer than a pause of the process, shorter than a person waits for one that died. */
const LEASE_MS = 30_000;
/** How long one sync waits for another. */
const LEASE_WAIT_MS = 300_000;

const options = z.object({ dryRun: z.boolean(), replace: z.boolean(), customResources: z.string().optional() });

interface Planned {
  readonly job: JobFile;
  readonly action: Action;
  readonly topology: string | undefined;
}

/** Brings the running Flink jobs to what flink/ says. Reads, plans, and changes only what differs. */
export const syncFlink: TaskCommand = {
  name: 'sync-flink',
  summary: 'bring the running Flink jobs to what flink/ says',
  declare(command) {
    command
      .option('--dry-run', 'print the plan and change nothing', false)
      .option(
        '--replace',
        'where a job has other operators than before, start a new one beside it, and stop the old one when the new has caught up',
        false,
      )
      .option(
        '--custom-resources <image>',
        'print what the Flink Kubernetes operator runs the same jobs from, with this image, and ask nobody; for `kubectl apply -f -`',
      );
  },
  async run(given, context) {
    const { dryRun, replace, customResources: image } = options.parse(given);
    if (image !== undefined) return { result: operatorResources(image, context) };
    const config = readConfig(context.env, SETTINGS);
    // Not ended by SIGTERM: the lease is given back then too. Each of its requests has a time-out of its own.
    const objects = openMemory(config.RATEHOUSE_FLINK_MEMORY, context.env, new AbortController().signal);
    if (dryRun) {
      const planned = await plan(config, replace, await JobMemories.read(objects), context);
      return {
        result: { jobs: planned.map(({ job, action }) => ({ name: job.name, action: action.kind })) },
        text: planned.map(planLine).join('\n'),
      };
    }
    const lease = {
      key: 'sync-flink.lease',
      holder: `${hostname()} ${process.pid} ${randomUUID()}`,
      ttlMs: LEASE_MS,
      timeoutMs: LEASE_WAIT_MS,
      signal: context.signal,
    };
    // Two syncs at once would submit a job twice.
    return withLease(objects, lease, async (signal) =>
      sync(config, replace, await JobMemories.read(objects), { ...context, signal }),
    );
  },
};

async function sync(
  config: Config,
  replace: boolean,
  memories: JobMemories,
  context: TaskContext,
): Promise<TaskOutcome> {
  const { signal, log } = context;
  const planned = await plan(config, replace, memories, context);
  for (const each of planned) log.info(planLine(each));
  const refused = planned.flatMap(({ job, action }) =>
    action.kind === 'refuse' ? [`flink/${job.name}.sql: ${action.why}.`] : [],
  );
  if (refused.length > 0) throw new RatehouseError('RATEHOUSE_REFUSED', refused.join(' '));
  const cluster: Cluster = {
    flink: config.RATEHOUSE_FLINK_URL,
    brokers: config.RATEHOUSE_KAFKA_BROKERS,
    submission: submission(config, context),
    memories,
    stateOf: (jobId) => findState(config.RATEHOUSE_FLINK_STATE, jobId, context.env, signal),
    log,
    signal,
  };
  const jobs = [];
  for (const { job, action, topology } of planned) {
    if (action.kind === 'refuse') continue;
    jobs.push(result(job.name, action.kind, await carryOut(action, job, topology, cluster)));
  }
  return { result: { jobs } };
}

const result = (name: string, action: string, { jobId, generation, watermarkLagMs }: Outcome) => ({
  name,
  action,
  job_id: jobId,
  generation,
  watermark_lag_ms: watermarkLagMs,
});

async function plan(config: Config, replace: boolean, memories: JobMemories, context: TaskContext): Promise<Planned[]> {
  const { env, signal, root } = context;
  const all = await knownJobs(config.RATEHOUSE_FLINK_URL, signal);
  const planned: Planned[] = [];
  for (const job of jobFiles(root, config.RATEHOUSE_FLINK_FUNCTIONS)) {
    const running = all.filter(({ name }) => isOf(job.name, name));
    const memory = memories.of(job.name);
    const lost = running.length === 0 && memory !== undefined;
    const resumable = lost
      ? ((await findState(config.RATEHOUSE_FLINK_STATE, memory.jobId, env, signal)) ?? memory.checkpoint ?? memory.from)
      : undefined;
    const found = { wanted: job, running, memory, resumable };
    const topology = needsTopology(found) ? await explainTopology(job, submission(config, context)) : undefined;
    planned.push({ job, topology, action: planJob({ ...found, topology, replace }) });
  }
  return planned;
}

function planLine({ job: { name }, action }: Planned): string {
  switch (action.kind) {
    case 'leave':
      return `plan: leave ${name} as it is`;
    case 'start':
      return `plan: start ${name} from the beginning, generation ${action.generation}, for ${action.why}`;
    case 'resume':
      return `plan: resume ${name} from ${action.from}`;
    case 'upgrade':
      return `plan: stop ${name} (job ${action.jobId}) with a savepoint, and go on from it with the changed SQL`;
    case 'replace':
      return `plan: run generation ${action.generation} of ${name} beside job ${action.oldJobId}, and stop that one when it has caught up`;
    case 'refuse':
      return `plan: refuse to change ${name}: ${action.why}`;
  }
}

function operatorResources(image: string, { env, root }: TaskContext): Json {
  const config = readConfig(env, [
    'RATEHOUSE_KAFKA_BROKERS',
    'RATEHOUSE_REGISTRY_URL',
    'RATEHOUSE_FLINK_STATE',
    'RATEHOUSE_FLINK_FUNCTIONS',
  ]);
  const options = {
    image,
    serviceAccount: 'flink',
    state: config.RATEHOUSE_FLINK_STATE,
    values: fileValues(config, root),
  };
  const items = jobFiles(root, config.RATEHOUSE_FLINK_FUNCTIONS).flatMap((job) => customResources(job, options));
  return { apiVersion: 'v1', kind: 'List', items };
}

const submission = (config: Config, { root, signal }: TaskContext): Submission => ({
  gateway: config.RATEHOUSE_SQL_GATEWAY_URL,
  values: fileValues(config, root),
  signal,
});

function jobFiles(root: string, functions: string): JobFile[] {
  if (!existsSync(functions)) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      'RATEHOUSE_FLINK_FUNCTIONS names no file: it must be the jar of the Flink functions.',
    );
  }
  const hash = createHash('sha256').update(readFileSync(functions)).digest('hex');
  return readdirSync(join(root, 'flink'))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => readJob(file.slice(0, -'.sql'.length), readFileSync(join(root, 'flink', file), 'utf8'), hash));
}
