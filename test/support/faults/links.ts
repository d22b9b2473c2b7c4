import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { PortName } from '../../../stack/lib/stack.ts';
import type { TestStack } from '../test-stack.ts';
import type { BreakKind } from './proxy.ts';

/** Where the engines of a stack reach each other when there is a proxy between them. */
export const PROXIED = '127.0.0.2';

/** The ports at which an engine is reached. */
const PORTS: Readonly<Record<string, readonly PortName[]>> = {
  kafka: ['kafka'],
  connect: ['connect'],
  registry: ['registry'],
  seaweedfs: ['seaweedfs-s3', 'seaweedfs-iceberg'],
  'flink-jobmanager': ['flink-rest', 'flink-jobmanager-rpc', 'flink-jobmanager-blob'],
  'flink-taskmanager': ['flink-taskmanager-rpc', 'flink-taskmanager-data'],
  clickhouse: ['clickhouse-http', 'clickhouse-tcp'],
  'replay-feed': ['replay-feed'],
  trino: ['trino'],
  'airflow-api-server': ['airflow'],
};

/** From the engine that connects to the one that it connects to. */
export type Link = readonly [from: string, to: string];

export const STREAM_LINKS: readonly Link[] = [
  ['connect', 'replay-feed'],
  ['connect', 'kafka'],
  ['connect', 'registry'],
  ['connect', 'clickhouse'],
  ['registry', 'kafka'],
  ['flink-taskmanager', 'kafka'],
  ['flink-jobmanager', 'kafka'],
  ['flink-taskmanager', 'flink-jobmanager'],
  ['keeper', 'connect'],
];

export const LAKE_LINKS: readonly Link[] = [
  ['connect', 'seaweedfs'],
  ['trino', 'seaweedfs'],
  ['trino', 'clickhouse'],
  ['airflow-scheduler', 'airflow-api-server'],
];

/** Of the tasks of gold, which connect as the scheduler below which they run, with the task that does. */
export const TASK_LINKS: readonly (readonly [task: string, ...Link])[] = [
  ['plan_run', 'airflow-scheduler', 'kafka'],
  ['run_spark_sql', 'airflow-scheduler', 'seaweedfs'],
  ['run_dbt', 'airflow-scheduler', 'clickhouse'],
  ['validate_gold', 'airflow-scheduler', 'trino'],
];

/** The connections between the engines of a stack, each of which passes through a proxy that can break it. */
export class Links {
  private constructor(
    private readonly test: TestStack,
    private readonly proxy: ChildProcess,
  ) {}

  /** Listens before the engines start. */
  static async open(test: TestStack): Promise<Links> {
    const main = fileURLToPath(new URL('proxy-main.ts', import.meta.url));
    const proxy = fork(main, { env: test.env, execArgv: ['--import', 'tsx'] });
    const links = new Links(test, proxy);
    await links.answer();
    return links;
  }

  /** Breaks all connections of a link, those to come too, while `work` lasts. Returns how many it met. */
  async whileBroken([from, to]: Link, kind: BreakKind, work: () => Promise<unknown>): Promise<number> {
    const ports = (PORTS[to] ?? []).map((name) => this.test.stack.port(name));
    if (ports.length === 0) throw new Error(`nobody connects to ${to}`);
    await this.order({ order: 'break', kind, from, ports });
    try {
      await work();
    } catch (error) {
      await this.order({ order: 'mend' });
      throw error;
    }
    return this.order({ order: 'mend' });
  }

  close(): void {
    this.proxy.disconnect();
  }

  private async order(message: object): Promise<number> {
    this.proxy.send(message);
    return this.answer();
  }

  private async answer(): Promise<number> {
    const over = new AbortController();
    const ended = once(this.proxy, 'exit', { signal: over.signal }).then(() => {
      throw new Error('the proxy has ended');
    });
    try {
      const said = once(this.proxy, 'message', { signal: over.signal });
      const [message] = (await Promise.race([said, ended])) as unknown[];
      return z.object({ met: z.number() }).parse(message).met;
    } finally {
      over.abort();
    }
  }
}
