import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bundleTasks } from '../../../stack/lib/bundle.ts';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { TOPIC_NAMES, TOPICS, Codec, type TopicName, type TopicValues } from '../../../tasks/src/lib/contracts.ts';
import { kafkaClient, TopicReader } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import { registerContracts } from '../../../tasks/src/lib/registry.ts';
import { makeTopics } from '../../../tasks/src/lib/stream/new-topics.ts';
import { TestStack } from '../test-stack.ts';
import { TradeWriter } from './writer.ts';

/** What Flink's jobs need, and no more: trades are written by the test, and what the jobs write is read from Kafka. */
const WITHOUT = 'connect,clickhouse,replay,keeper';

export interface SyncRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  readonly jobs: readonly SyncJob[];
}

const syncJob = z.object({
  name: z.string(),
  action: z.string(),
  job_id: z.string().optional(),
  generation: z.number().optional(),
});
export type SyncJob = z.infer<typeof syncJob>;
const message = z.object({ level: z.string(), message: z.string() });

/** A stack of Kafka, registry, storage and Flink, on which sync-flink is run by hand. */
export class FlinkStack extends TestStack {
  private runs = 0;
  private readonly writers: TradeWriter[] = [];
  private readonly syncs = new Set<ChildProcess>();

  /** @param partitions of the topic trades */
  async begin(partitions: number): Promise<void> {
    await this.mustRun('start', '--lane', 'speed', '--engines-only', '--without', WITHOUT);
    bundleTasks(this.stack);
    const admin = kafkaClient(this.brokers, jsonLog()).admin();
    await admin.connect();
    try {
      const topics = TOPIC_NAMES.map((topic) => ({
        topic,
        numPartitions: topic === 'trades' ? partitions : TOPICS[topic].partitions,
        replicationFactor: 1,
      }));
      await makeTopics(admin, topics);
    } finally {
      await admin.disconnect();
    }
    await registerContracts(this.registry, this.stack.root);
  }

  /** A writer of trades, which ends with the stack. */
  async writer(partition: (symbol: string) => number): Promise<TradeWriter> {
    const writer = await TradeWriter.connect(this, partition);
    this.writers.push(writer);
    return writer;
  }

  override async remove(): Promise<void> {
    // What an interrupted test has left running.
    for (const child of this.syncs) child.kill('SIGTERM');
    await Promise.allSettled(this.writers.splice(0).map((writer) => writer.close()));
    await super.remove();
  }

  get brokers(): readonly string[] {
    return readConfig(this.taskEnv, ['RATEHOUSE_KAFKA_BROKERS']).RATEHOUSE_KAFKA_BROKERS;
  }

  get registry(): RegistryClient {
    return new RegistryClient({ url: readConfig(this.taskEnv, ['RATEHOUSE_REGISTRY_URL']).RATEHOUSE_REGISTRY_URL });
  }

  get flink(): string {
    return this.stack.url('flink-rest');
  }

  /** Runs sync-flink as a pod would. @param root the folder that holds flink/ and contracts/ */
  async sync(
    args: readonly string[] = [],
    root = this.stack.root,
    watch: (line: string, kill: () => void) => void = () => undefined,
  ): Promise<SyncRun> {
    const xcom = join(this.stack.dir('run'), `sync-${process.pid}-${++this.runs}.json`);
    const child = spawn(
      process.execPath,
      [join(this.stack.root, 'tasks', 'dist', 'ratehouse.mjs'), 'sync-flink', ...args],
      { env: { ...process.env, ...this.taskEnv, RATEHOUSE_ROOT: root, XCOM_RETURN_PATH: xcom }, stdio: 'pipe' },
    );
    this.syncs.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        watch(output, () => child.kill('SIGTERM'));
      });
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    this.syncs.delete(child);
    const jobs = existsSync(xcom)
      ? z.object({ jobs: z.array(syncJob) }).parse(JSON.parse(readFileSync(xcom, 'utf8'))).jobs
      : [];
    rmSync(xcom, { force: true });
    const errors = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .flatMap((line) => message.safeParse(JSON.parse(line)).data ?? [])
      .filter(({ level }) => level === 'error')
      .map((each) => each.message);
    return { code, output, errors: errors.join('\n'), jobs };
  }

  async mustSync(args: readonly string[] = [], root = this.stack.root): Promise<readonly SyncJob[]> {
    const { code, output, jobs } = await this.sync(args, root);
    if (code !== 0) throw new Error(`sync-flink ${args.join(' ')} ended with code ${code}:\n${output}`);
    return jobs;
  }

  /** The committed values of a topic, in its order. */
  async read<T extends TopicName>(topic: T): Promise<TopicValues[T][]> {
    const values = new Codec(this.stack.root, this.registry).reader(topic);
    const reader = await TopicReader.connect(this.brokers, jsonLog());
    const found: TopicValues[T][] = [];
    try {
      for await (const records of reader.read(topic, await reader.range(topic)))
        found.push(...(await values.readAll(records)));
    } finally {
      await reader.close();
    }
    return found;
  }
}
