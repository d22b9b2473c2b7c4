import { join } from 'node:path';
import { stackCatalog } from '../lib/catalog.ts';
import { answers, type Engine } from '../lib/engine.ts';
import { maven } from '../lib/package.ts';
import { icebergSinkPackage } from '../lib/packages.ts';
import { readStartOptions } from '../lib/start-options.ts';
import { writePrivate, type Stack } from '../lib/stack.ts';
import { kafkaPackage, LOG4J2 } from './kafka.ts';

function workerProperties(stack: Stack, pluginPath: string): string {
  return `bootstrap.servers=${stack.address('kafka')}
group.id=ratehouse-connect
listeners=http://${stack.listens('connect')}
rest.advertised.host.name=127.0.0.1
exactly.once.source.support=enabled
config.storage.topic=connect-configs
config.storage.replication.factor=1
offset.storage.topic=connect-offsets
offset.storage.replication.factor=1
offset.storage.partitions=1
status.storage.topic=connect-status
status.storage.replication.factor=1
status.storage.partitions=1
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=io.apicurio.registry.utils.converter.AvroConverter
topic.creation.enable=false
plugin.path=${pluginPath}
plugin.discovery=hybrid_warn
config.providers=file
config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
config.providers.file.param.allowed.paths=${stack.dir('secrets')}
# A worker that was killed must not block its successor for a minute.
session.timeout.ms=10000
heartbeat.interval.ms=3000
scheduled.rebalance.max.delay.ms=5000
offset.flush.interval.ms=5000
`;
}

/** Glue's client finds its keys in the environment alone. A stack without a lake has no keys at all. */
function glueKeys(stack: Stack): Record<string, string> {
  if (readStartOptions(stack).catalog !== 'glue') return {};
  const { storage } = stackCatalog(stack).secrets;
  return storage === undefined
    ? {}
    : { AWS_ACCESS_KEY_ID: storage.accessKey, AWS_SECRET_ACCESS_KEY: storage.secretKey };
}

export const connect: Engine = {
  name: 'connect',
  about: 'Kafka Connect (exactly-once source support)',
  after: ['kafka'],
  packages: [
    kafkaPackage,
    maven('connect-converter', ['io.apicurio:apicurio-registry-utils-converter:2.6.13.Final'], {
      folder: 'apicurio-converter',
    }),
    icebergSinkPackage,
    { kind: 'maven-build', name: 'java' },
  ],
  prepare({ stack, installed }) {
    const plugins = [
      join(installed('java'), 'plugins'),
      installed('connect-converter'),
      installed('iceberg-sink'),
    ].join(',');
    writePrivate(stack.file('etc', 'connect', 'worker.properties'), workerProperties(stack, plugins));
    writePrivate(stack.file('etc', 'connect', 'log4j2.properties'), LOG4J2);
  },
  process: ({ stack, installed }) => ({
    argv: [
      join(stack.java17, 'bin', 'java'),
      '-Xms256m',
      '-Xmx640m',
      '-XX:+UseSerialGC',
      '-XX:+ExitOnOutOfMemoryError',
      `-Dlog4j2.configurationFile=${stack.file('etc', 'connect', 'log4j2.properties')}`,
      '-cp',
      `${installed('kafka')}/*`,
      'org.apache.kafka.connect.cli.ConnectDistributed',
      stack.file('etc', 'connect', 'worker.properties'),
    ],
    env: glueKeys(stack),
  }),
  ready: ({ stack }) => answers(`${stack.url('connect')}/connectors`),
  address: (stack) => stack.url('connect'),
};
