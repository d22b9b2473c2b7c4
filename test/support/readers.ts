import { z } from 'zod';
import { runningJobs } from '../../tasks/src/lib/flink/cluster.ts';
import { request } from '../../tasks/src/lib/http.ts';
import { kafkaClient } from '../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../tasks/src/lib/log.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import type { TestStack } from './test-stack.ts';

/** Consumer groups of the sinks' tasks: a task that began anew is another member. */
const GROUPS = ['connect-lake-bronze', 'connect-lake-bronze-coord', 'connect-clickhouse-silver'];
const ENGINES = ['kafka', 'registry', 'connect', 'flink-jobmanager', 'flink-taskmanager', 'clickhouse', 'trino'];

/** What is another when a reader of the stream was restarted: processes, tasks of the sinks, Flink's jobs. */
export async function readers(test: TestStack): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const engine of ENGINES) found[engine] = await test.pid(engine);
  const log = jsonLog(() => undefined);
  const admin = kafkaClient([test.stack.address('kafka')], log).admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups(GROUPS);
    for (const { groupId, members } of groups) found[groupId] = members.map(({ memberId }) => memberId).sort();
  } finally {
    await admin.disconnect();
  }
  const jobs = await runningJobs(test.stack.url('flink-rest'));
  found['jobs'] = jobs.map(({ id, name }) => `${name} ${id}`).sort();
  for (const { id } of jobs) found[`restarts of ${id}`] = await restarts(test, id);
  return found;
}

/** How often a job has begun anew from a checkpoint. Flink gathers a metric once somebody has asked for it. */
function restarts(test: TestStack, job: string): Promise<string> {
  const url = `${test.stack.url('flink-rest')}/jobs/${job}/metrics?get=numRestarts`;
  return waitFor(async () => z.array(z.object({ value: z.string() })).parse((await request(url)).body)[0]?.value, {
    what: `the restarts of job ${job}`,
    timeoutMs: 60_000,
    intervalMs: 1000,
  });
}
