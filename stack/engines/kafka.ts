import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { Engine } from '../lib/engine.ts';
import { maven } from '../lib/package.ts';
import { run } from '../lib/run.ts';
import { writePrivate, type Stack } from '../lib/stack.ts';

export const kafkaPackage = maven('kafka', [
  'org.apache.kafka:kafka_2.13:4.3.1',
  'org.apache.kafka:kafka-tools:4.3.1',
  'org.apache.kafka:connect-runtime:4.3.1',
  'org.apache.kafka:connect-json:4.3.1',
  'org.apache.kafka:connect-transforms:4.3.1',
  'org.apache.logging.log4j:log4j-slf4j-impl:2.25.4',
]);

/** Console only: the supervisor keeps the files and limits their size. */
export const LOG4J2 = `rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %-5p %c{1} - %m%n
logger.ratehouse.name = org.ratehouse
logger.ratehouse.level = INFO
`;

function serverProperties(stack: Stack): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${stack.listens('kafka-controller')}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://${stack.listens('kafka')},CONTROLLER://${stack.listens('kafka-controller')}
advertised.listeners=PLAINTEXT://${stack.address('kafka')}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${stack.dir('data', 'kafka')}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
# A transaction that follows another at once waits for its markers, a few milliseconds, by asking again; 20 ms by default.
add.partitions.to.txn.retry.backoff.ms=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.retention.hours=168
log.cleaner.dedupe.buffer.size=8388608
`;
}

export const kafka: Engine = {
  name: 'kafka',
  about: 'Kafka broker and controller (KRaft)',
  after: [],
  packages: [kafkaPackage],
  async prepare({ stack, installed }) {
    const properties = stack.file('etc', 'kafka', 'server.properties');
    writePrivate(properties, serverProperties(stack));
    writePrivate(stack.file('etc', 'kafka', 'log4j2.properties'), LOG4J2);
    if (existsSync(join(stack.dir('data', 'kafka'), 'meta.properties'))) return;
    const java = join(stack.java17, 'bin', 'java');
    // In one word with its option: one id in 64 begins with a dash.
    const id = `--cluster-id=${stack.credentials.kafkaClusterId}`;
    const format = ['kafka.tools.StorageTool', 'format', id, '-c', properties];
    await run([java, '-cp', `${installed('kafka')}/*`, ...format]);
  },
  process: ({ stack, installed }) => ({
    argv: [
      join(stack.java17, 'bin', 'java'),
      '-Xms256m',
      '-Xmx320m',
      '-XX:+UseSerialGC',
      '-XX:+ExitOnOutOfMemoryError',
      `-Dlog4j2.configurationFile=${stack.file('etc', 'kafka', 'log4j2.properties')}`,
      '-cp',
      `${installed('kafka')}/*`,
      'kafka.Kafka',
      stack.file('etc', 'kafka', 'server.properties'),
    ],
    stopSeconds: 60,
  }),
  async ready({ stack }) {
    const admin = new Kafka({
      brokers: [stack.address('kafka')],
      connectionTimeout: 1000,
      requestTimeout: 3000,
      retry: { retries: 0 },
      logLevel: logLevel.NOTHING,
    }).admin();
    try {
      await admin.connect();
      return (await admin.describeCluster()).brokers.length > 0;
    } finally {
      await admin.disconnect();
    }
  },
  address: (stack) => stack.address('kafka'),
};
