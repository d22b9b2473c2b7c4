import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { answers, type Engine, type EngineContext, type EngineProcess } from '../lib/engine.ts';
import { maven, pypi, type Package } from '../lib/package.ts';
import { writePrivate, type Stack } from '../lib/stack.ts';

const packages: Package[] = [
  pypi('flink', ['apache-flink-libraries==2.2.1']),
  maven(
    'flink-connectors',
    [
      'org.apache.flink:flink-sql-gateway:2.2.1',
      'org.apache.flink:flink-sql-connector-kafka:5.0.0-2.2',
      'org.apache.flink:flink-sql-avro-confluent-registry:2.3.0',
    ],
    { transitive: false },
  ),
  // With the functions that the jobs call.
  { kind: 'maven-build', name: 'java' },
];

const OPENS = [
  'java.lang',
  'java.net',
  'java.io',
  'java.nio',
  'java.text',
  'java.time',
  'java.util',
  'java.util.concurrent',
]
  .concat([
    'java.util.concurrent.atomic',
    'java.util.concurrent.locks',
    'java.lang.reflect',
    'java.lang.invoke',
    'sun.nio.ch',
  ])
  .map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

const OPTIONS: Readonly<Record<string, string | number>> = {
  'jobmanager.bind-host': '127.0.0.1',
  'taskmanager.bind-host': '127.0.0.1',
  'rest.bind-address': '127.0.0.1',
  'sql-gateway.endpoint.rest.bind-address': '127.0.0.1',
  // The processes are started without Flink's shell scripts, which would work these sizes out.
  'jobmanager.memory.process.size': '768m',
  'taskmanager.cpu.cores': 2,
  'taskmanager.numberOfTaskSlots': 4,
  'taskmanager.memory.framework.heap.size': '96m',
  'taskmanager.memory.task.heap.size': '384m',
  'taskmanager.memory.framework.off-heap.size': '96m',
  'taskmanager.memory.task.off-heap.size': '32m',
  'taskmanager.memory.network.min': '64m',
  'taskmanager.memory.network.max': '64m',
  'taskmanager.memory.managed.size': '64m',
  'taskmanager.memory.jvm-metaspace.size': '224m',
  'taskmanager.memory.jvm-overhead.min': '128m',
  'taskmanager.memory.jvm-overhead.max': '128m',
  'parallelism.default': 1,
  'state.backend.type': 'hashmap',
  'execution.checkpointing.interval': '1s',
  'execution.checkpointing.mode': 'EXACTLY_ONCE',
  'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
  'execution.checkpointing.num-retained': 3,
  'execution.checkpointing.tolerable-failed-checkpoints': 100,
  'restart-strategy.type': 'exponential-delay',
  'restart-strategy.exponential-delay.initial-backoff': '1s',
  'restart-strategy.exponential-delay.max-backoff': '15s',
  'restart-strategy.exponential-delay.attempts-before-reset-backoff': 2147483647,
  // A killed process is noticed within seconds, not within the minute that is the default.
  'heartbeat.interval': '2000',
  'heartbeat.timeout': '15000',
  'table.local-time-zone': 'UTC',
};

function configuration(stack: Stack): string {
  const state = `file://${stack.dir('data', 'flink')}`;
  const reachedAt = {
    'jobmanager.rpc.address': stack.host,
    'taskmanager.host': stack.host,
    'rest.address': stack.host,
    'sql-gateway.endpoint.rest.address': stack.host,
  };
  const ports = {
    'jobmanager.rpc.port': stack.port('flink-jobmanager-rpc'),
    'blob.server.port': stack.port('flink-jobmanager-blob'),
    'taskmanager.rpc.port': stack.port('flink-taskmanager-rpc'),
    'taskmanager.data.port': stack.port('flink-taskmanager-data'),
    'rest.port': stack.port('flink-rest'),
    'sql-gateway.endpoint.rest.port': stack.port('flink-sql-gateway'),
    'sql-gateway.endpoint.rest.bind-port': stack.port('flink-sql-gateway'),
  };
  const places = {
    'execution.checkpointing.dir': `${state}/checkpoints`,
    'execution.checkpointing.savepoint-dir': `${state}/savepoints`,
    'io.tmp.dirs': stack.dir('run', 'flink'),
  };
  return Object.entries({ ...OPTIONS, ...reachedAt, ...ports, ...places })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

const LOG4J2 = `rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %-5p %c{1} - %m%n
logger.execution.name = org.apache.flink.runtime.executiongraph.ExecutionGraph
logger.execution.level = INFO
`;

function prepare({ stack }: EngineContext): void {
  writePrivate(stack.file('etc', 'flink', 'config.yaml'), configuration(stack));
  writePrivate(stack.file('etc', 'flink', 'log4j.properties'), LOG4J2);
}

function java(context: EngineContext, memory: readonly string[], main: readonly string[]): EngineProcess {
  const { stack, installed } = context;
  const lib = join(installed('flink'), 'lib');
  const python = readdirSync(lib).find((name) => name.startsWith('python3')) ?? 'python3';
  const jars = `${join(lib, python, 'site-packages', 'pyflink', 'lib')}/*:${installed('flink-connectors')}/*`;
  const log = `-Dlog4j2.configurationFile=${stack.file('etc', 'flink', 'log4j.properties')}`;
  return {
    argv: [
      join(stack.java17, 'bin', 'java'),
      ...memory,
      '-XX:+UseSerialGC',
      '-XX:+ExitOnOutOfMemoryError',
      ...OPENS,
      log,
      '-cp',
      jars,
      ...main,
    ],
    env: { FLINK_CONF_DIR: stack.dir('etc', 'flink') },
    cwd: stack.dir('run', 'flink'),
  };
}

const overview = z.object({ taskmanagers: z.number() });

export const jobManager: Engine = {
  name: 'flink-jobmanager',
  about: 'Flink dashboard and REST API',
  after: [],
  packages,
  prepare,
  process: (context) =>
    java(
      context,
      ['-Xms192m', '-Xmx448m', '-XX:MaxMetaspaceSize=256m'],
      [
        'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
        '--configDir',
        context.stack.dir('etc', 'flink'),
      ],
    ),
  ready: ({ stack }) => answers(`${stack.url('flink-rest')}/overview`),
  address: (stack) => stack.url('flink-rest'),
};

export const taskManager: Engine = {
  name: 'flink-taskmanager',
  about: 'Flink task manager',
  after: ['flink-jobmanager'],
  packages,
  prepare,
  process: (context) =>
    java(
      context,
      ['-Xms256m', '-Xmx480m', '-XX:MaxDirectMemorySize=192m', '-XX:MaxMetaspaceSize=224m'],
      ['org.apache.flink.runtime.taskexecutor.TaskManagerRunner', '--configDir', context.stack.dir('etc', 'flink')],
    ),
  async ready({ stack }) {
    const response = await fetch(`${stack.url('flink-rest')}/overview`, { signal: AbortSignal.timeout(2000) });
    return overview.parse(await response.json()).taskmanagers > 0;
  },
  address: (stack) => stack.address('flink-taskmanager-rpc'),
};

export const sqlGateway: Engine = {
  name: 'flink-sql-gateway',
  about: 'Flink SQL Gateway (REST)',
  after: ['flink-jobmanager'],
  packages,
  prepare,
  process: (context) =>
    java(context, ['-Xms96m', '-Xmx320m', '-XX:MaxMetaspaceSize=320m'], ['org.apache.flink.table.gateway.SqlGateway']),
  ready: ({ stack }) => answers(`${stack.url('flink-sql-gateway')}/info`),
  address: (stack) => stack.url('flink-sql-gateway'),
};
