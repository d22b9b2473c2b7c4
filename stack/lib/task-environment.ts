import { join } from 'node:path';
import { catalogEnvironment } from './catalog.ts';
import { locate } from './install.ts';
import { dbtPackage, sparkJars, sparkPackage } from './packages.ts';
import { readStartOptions } from './start-options.ts';
import type { Stack } from './stack.ts';

/** Holds a feed's token, for the probe before its connector takes it. */
export const tokenFile = (stack: Stack, feed: string): string => stack.file('secrets', `${feed}.token`);

/** In the lake's bucket; with a lake on AWS, of which only AWS's own chain knows the keys, on this machine. */
const flinkMemory = (stack: Stack, warehouse: string | undefined): string =>
  warehouse === undefined ? 's3://lake/flink' : `file://${stack.dir('state', 'flink')}`;

/** The environment in which a task finds this stack: what helm-values/ sets in production. */
export function taskEnvironment(stack: Stack): Record<string, string> {
  const options = readStartOptions(stack);
  const { feed, lane, warehouse } = options;
  const tools = locate([sparkPackage, sparkJars, dbtPackage], stack);
  const tool = (name: string, ...path: string[]): string => join(tools[name] ?? '', ...path);
  return {
    RATEHOUSE_ROOT: stack.root,
    RATEHOUSE_KAFKA_BROKERS: stack.address('kafka'),
    RATEHOUSE_REGISTRY_URL: stack.url('registry'),
    RATEHOUSE_CONNECT_URL: stack.url('connect'),
    RATEHOUSE_CONNECT_SECRETS: stack.connectSecretsFile,
    RATEHOUSE_CLICKHOUSE_URL: stack.url('clickhouse-http'),
    RATEHOUSE_CLICKHOUSE_USER: 'ratehouse',
    RATEHOUSE_CLICKHOUSE_PASSWORD_FILE: stack.file('secrets', 'clickhouse.password'),
    RATEHOUSE_FLINK_URL: stack.url('flink-rest'),
    RATEHOUSE_SQL_GATEWAY_URL: stack.url('flink-sql-gateway'),
    RATEHOUSE_FLINK_STATE: `file://${stack.dir('data', 'flink')}`,
    RATEHOUSE_FLINK_MEMORY: flinkMemory(stack, warehouse),
    RATEHOUSE_FLINK_FUNCTIONS: join(stack.dir('run'), 'flink-functions.jar'),
    RATEHOUSE_REPLAY_URL: `ws://${stack.address('replay-feed')}`,
    RATEHOUSE_FEED_TOKEN_FILE: tokenFile(stack, feed),
    // Its absence tells the tasks that there is no batch lane.
    ...(lane === 'both' ? { RATEHOUSE_TRINO_URL: stack.url('trino') } : {}),
    ...catalogEnvironment(stack, options),
    RATEHOUSE_SPARK_PYTHON: tool('spark', 'bin', 'python'),
    RATEHOUSE_SPARK_JARS: tool('spark-iceberg'),
    RATEHOUSE_SPARK_JAVA_HOME: stack.java17,
    RATEHOUSE_DBT: tool('dbt', 'bin', 'dbt'),
    RATEHOUSE_STATE: stack.dir('state'),
  };
}
