import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readConfig } from '../tasks/src/lib/config.ts';
import { describe } from '../tasks/src/lib/error.ts';
import { runningJobs } from '../tasks/src/lib/flink/cluster.ts';
import { JobMemories, openMemory } from '../tasks/src/lib/flink/memory.ts';
import { isOf } from '../tasks/src/lib/flink/plan.ts';
import { request } from '../tasks/src/lib/http.ts';
import { jsonLog } from '../tasks/src/lib/log.ts';
import { Backoff } from './lib/backoff.ts';
import { locate } from './lib/install.ts';
import { engineContext, packages, stackEngines } from './lib/lifecycle.ts';
import { Stack } from './lib/stack.ts';
import { readStartOptions } from './lib/start-options.ts';
import { stackStatus } from './lib/status.ts';
import { abortHanging, findHanging } from './lib/transactions/hanging.ts';
import { partitionEnds } from './lib/transactions/partition-ends.ts';
import { StuckPartitions } from './lib/transactions/stuck-partitions.ts';
import { Watchdog } from './lib/watchdog.ts';

const INTERVAL_MS = 2000;
const WATCH_EVERY_MS = 30_000;
/** Longer than any engine takes to start, on a machine that has other things to do as well. */
const PATIENCE_MS = 300_000;
/** Longer than a transaction of ours lasts while its producer works. */
const STUCK_MS = 60_000;

const log = jsonLog();
const config = readConfig(process.env, ['RATEHOUSE_CONNECT_URL', 'RATEHOUSE_FLINK_URL', 'RATEHOUSE_FLINK_MEMORY']);
const root = process.env['RATEHOUSE_ROOT'] ?? '.';
const beat = process.env['RATEHOUSE_KEEPER_BEAT'] ?? '';
const stack = new Stack(process.env);
const engines = stackEngines(readStartOptions(stack));
const watchdog = new Watchdog(PATIENCE_MS);
const stuckPartitions = new StuckPartitions(STUCK_MS);
let watched = Date.now();
let looked = Date.now();
const stop = new AbortController();
const memory = openMemory(config.RATEHOUSE_FLINK_MEMORY, process.env, stop.signal);
const backoffs = new Map<string, Backoff>();

const part = z.object({ state: z.string() });
const connectors = z.record(z.string(), z.object({ status: z.object({ connector: part, tasks: z.array(part) }) }));

/** Restarts the failed parts of a connector, ever more rarely while it goes on failing. */
async function healConnectors(): Promise<void> {
  const { body } = await request(`${config.RATEHOUSE_CONNECT_URL}/connectors?expand=status`);
  for (const [name, { status }] of Object.entries(connectors.parse(body))) {
    const failed = [status.connector, ...status.tasks].some((each) => each.state === 'FAILED');
    if (!due(name, failed)) continue;
    log.warn(`connector ${name} has failed; its failed parts are restarted`);
    const url = `${config.RATEHOUSE_CONNECT_URL}/connectors/${name}/restart?includeTasks=true&onlyFailed=true`;
    await request(url, { method: 'POST', also: [409] });
  }
}

/** Asks sync-flink for the jobs that it once started and that the cluster knows no more: a job manager takes its jobs with it. */
async function healJobs(): Promise<void> {
  const { names } = await JobMemories.read(memory);
  const running = await runningJobs(config.RATEHOUSE_FLINK_URL);
  const lost = names.filter((name) => !running.some((job) => isOf(name, job.name)));
  if (!due('flink jobs', lost.length > 0)) return;
  log.warn(`Flink has lost ${lost.join(', ')}; sync-flink brings them back`);
  await new Promise<void>((resolve) => {
    const child = spawn(process.execPath, [join(root, 'tasks', 'dist', 'ratehouse.mjs'), 'sync-flink'], {
      stdio: 'inherit',
    });
    child.on('error', (error) => {
      log.error(describe(error));
      resolve();
    });
    child.on('close', () => {
      resolve();
    });
  });
}

/** Ends engines that hang, which the supervisor then starts anew: it sees only those that have died. */
async function endHung(): Promise<void> {
  if (Date.now() - watched < WATCH_EVERY_MS) return;
  watched = Date.now();
  const { engines: found } = await stackStatus(engineContext(stack, locate(packages(), stack)));
  const states = found
    .filter(({ name }) => name !== 'keeper')
    .map(({ name, state, pid }) => ({
      name,
      after: engines.find((engine) => engine.name === name)?.after ?? [],
      pid: pid ?? undefined,
      ready: state === 'ready',
    }));
  for (const { name, pid } of watchdog.hung(states, Date.now())) {
    if (pid === undefined) continue;
    log.warn(`${name} has not answered for ${PATIENCE_MS / 60_000} minutes; its process is ended, and started anew`);
    process.kill(pid, 'SIGKILL');
  }
}

/**
 * Aborts transactions that nobody will end: a disk that was full under Kafka can leave one open in a partition of which its
 * coordinator knows nothing, and every reader of committed records waits there for ever.
 */
async function endHangingTransactions(): Promise<void> {
  if (Date.now() - looked < WATCH_EVERY_MS) return;
  looked = Date.now();
  const ends = await partitionEnds([stack.address('kafka')], log);
  const stuck = stuckPartitions.stuck(ends, Date.now());
  const context = engineContext(stack, locate(packages(), stack));
  for (const topic of new Set(stuck.map((each) => each.topic)))
    for (const found of await findHanging(context, topic)) {
      log.warn(
        `a transaction of producer ${found.producerId} is open in ${topic}-${found.partition} from offset ${found.startOffset} on, and its coordinator knows nothing of it; it is aborted, for readers of committed records wait for its end`,
      );
      await abortHanging(context, found);
    }
}

function due(name: string, broken: boolean): boolean {
  const backoff = backoffs.get(name) ?? new Backoff({ initialMs: 1000, maxMs: 60_000, calmMs: 60_000 });
  backoffs.set(name, backoff);
  return backoff.due(broken, Date.now());
}

process.once('SIGTERM', () => {
  stop.abort();
});
while (!stop.signal.aborted) {
  for (const heal of [healConnectors, healJobs, endHung, endHangingTransactions]) {
    try {
      await heal();
    } catch (error) {
      // The engine itself is down or starting: the supervisor's matter.
      log.info(describe(error));
    }
  }
  if (beat !== '') writeFileSync(beat, '');
  await delay(INTERVAL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
}
