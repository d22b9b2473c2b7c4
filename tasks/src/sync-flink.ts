import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TaskCommand, TaskContext, TaskOutcome } from './lib/command.ts';
import { readConfig, type Setting } from './lib/config.ts';
import { RatehouseError } from './lib/error.ts';
import { newestCheckpoint, runningJobs, stopWithSavepoint } from './lib/flink/cluster.ts';
import { GatewaySession } from './lib/flink/gateway.ts';
import { readJob, substitute, type JobFile } from './lib/flink/job-file.ts';
import { planJob, type Action, type JobMemory } from './lib/flink/plan.ts';
import { withLock } from './lib/lock.ts';
import { waitFor } from './lib/wait.ts';

const SETTINGS = [
  'RATEHOUSE_KAFKA_BROKERS',
  'RATEHOUSE_REGISTRY_URL',
  'RATEHOUSE_FLINK_URL',
  'RATEHOUSE_SQL_GATEWAY_URL',
  'RATEHOUSE_FLINK_STATE',
  'RATEHOUSE_FLINK_FUNCTIONS',
  'RATEHOUSE_STATE',
] as const;
type Config = { [N in (typeof SETTINGS)[number]]: Setting<N> };

const memories = z.record(z.string(), z.object({ jobId: z.string(), hash: z.string(), generation: z.number().int() }));

/** Brings the running Flink jobs to what flink/ says. Reads, plans, and changes only what differs. */
export const syncFlink: TaskCommand = {
  name: 'sync-flink',
  summary: 'bring the running Flink jobs to what flink/ says',
  declare(command) {
    command.option('--dry-run', 'print the plan and change nothing', false);
  },
  async run({ dryRun }, context) {
    const config = readConfig(context.env, SETTINGS);
    mkdirSync(config.RATEHOUSE_STATE, { recursive: true });
    // Two syncs at once would submit a job twice.
    return withLock(join(config.RATEHOUSE_STATE, 'sync-flink.lock'), 300_000, context.signal, () =>
      sync(config, dryRun === true, context),
    );
  },
};

async function sync(config: Config, dryRun: boolean, context: TaskContext): Promise<TaskOutcome> {
  const wanted = jobFiles(context.root, config.RATEHOUSE_FLINK_FUNCTIONS);
  const running = await runningJobs(config.RATEHOUSE_FLINK_URL, context.signal);
  const memory = readMemory(config);
  const plan = wanted.map((job) => {
    const held = memory[job.name];
    const checkpoint = held === undefined ? undefined : newestCheckpoint(config.RATEHOUSE_FLINK_STATE, held.jobId);
    return { job, action: planJob(job, running, held, checkpoint) };
  });
  for (const { action } of plan) context.log.info(`plan: ${action.kind} ${action.name}`);
  if (!dryRun) for (const { job, action } of plan) await carryOut(action, job, config, context);
  return { result: { jobs: plan.map(({ action: { name, kind } }) => ({ name, action: kind })) } };
}

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

async function carryOut(action: Action, job: JobFile, config: Config, context: TaskContext): Promise<void> {
  const flink = config.RATEHOUSE_FLINK_URL;
  if (action.kind !== 'leave') {
    const from =
      action.kind === 'resume'
        ? action.checkpoint
        : action.kind === 'upgrade'
          ? await stopWithSavepoint(flink, action.jobId, context.signal)
          : undefined;
    const jobId = await submit(job, action.generation, from, config, context);
    remember(config, job.name, { jobId, hash: job.hash, generation: action.generation });
    context.log.info(`job ${job.name} was submitted`, {
      job_id: jobId,
      generation: action.generation,
      from: from ?? 'the beginning',
    });
  }
  await waitFor(async () => (await runningJobs(flink, context.signal)).find((j) => j.name === job.name && j.healthy), {
    what: `all tasks of job ${job.name} to run`,
    timeoutMs: 120_000,
    signal: context.signal,
  });
}

async function submit(
  job: JobFile,
  generation: number,
  from: string | undefined,
  config: Config,
  context: TaskContext,
): Promise<string> {
  const values = new Map([
    ['kafka', config.RATEHOUSE_KAFKA_BROKERS.join(',')],
    ['registry', `${config.RATEHOUSE_REGISTRY_URL}/apis/ccompat/v7`],
    ['functions', config.RATEHOUSE_FLINK_FUNCTIONS],
    ['generation', String(generation)],
    ...contracts(context.root),
  ]);
  const settings: Record<string, string> = { 'pipeline.name': job.name };
  if (from !== undefined) settings['execution.state-recovery.path'] = from;
  const session = await GatewaySession.open(config.RATEHOUSE_SQL_GATEWAY_URL, settings, context.signal);
  try {
    let jobId: string | undefined;
    for (const statement of job.statements) jobId = await session.run(substitute(statement, values, job.name));
    if (jobId === undefined)
      throw new RatehouseError('RATEHOUSE_BAD_DATA', `Flink named no job for flink/${job.name}.sql.`);
    return jobId;
  } finally {
    await session.close();
  }
}

function contracts(root: string): [string, string][] {
  const folder = join(root, 'contracts');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.avsc'))
    .map((file) => [
      `contract:${file.slice(0, -'.avsc'.length)}`,
      JSON.stringify(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
    ]);
}

const memoryFile = (config: Config): string => join(config.RATEHOUSE_STATE, 'flink-jobs.json');

function readMemory(config: Config): Record<string, JobMemory> {
  const file = memoryFile(config);
  return existsSync(file) ? memories.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

function remember(config: Config, name: string, memory: JobMemory): void {
  const file = memoryFile(config);
  writeFileSync(`${file}.partial`, JSON.stringify({ ...readMemory(config), [name]: memory }, undefined, 2));
  renameSync(`${file}.partial`, file);
}
