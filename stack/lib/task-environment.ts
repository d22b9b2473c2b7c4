import { join } from 'node:path';
import { readStartOptions } from './start-options.ts';
import type { Stack } from './stack.ts';

/** Holds a feed's token, for the probe before its connector takes it. */
export const tokenFile = (stack: Stack, feed: string): string => stack.file('secrets', `${feed}.token`);

/** The environment in which a task finds this stack: what helm-values/ sets in production. */
export function taskEnvironment(stack: Stack): Record<string, string> {
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
    RATEHOUSE_FLINK_FUNCTIONS: join(stack.dir('run'), 'flink-functions.jar'),
    RATEHOUSE_REPLAY_URL: `ws://${stack.address('replay-feed')}`,
    RATEHOUSE_FEED_TOKEN_FILE: tokenFile(stack, readStartOptions(stack).feed),
    RATEHOUSE_STATE: stack.dir('state'),
  };
}
