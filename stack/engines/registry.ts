import { join } from 'node:path';
import { answers, type Engine } from '../lib/engine.ts';
import { maven } from '../lib/package.ts';

/** Apicurio keeps what it knows in Kafka, so subjects, ids and compatibility rules survive a restart. */
export const registry: Engine = {
  name: 'registry',
  about: 'Schema Registry (Apicurio, Confluent API under /apis/ccompat/v7)',
  after: ['kafka'],
  packages: [
    maven('apicurio', ['io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all'], { transitive: false, unpack: true }),
  ],
  process: ({ stack, installed }) => ({
    argv: [
      join(stack.java25, 'bin', 'java'),
      '-Xms96m',
      '-Xmx256m',
      '-XX:+UseSerialGC',
      // Classes are kept in an archive from the first start on: the next ones take half the time.
      '-XX:+AutoCreateSharedArchive',
      `-XX:SharedArchiveFile=${stack.file('run', 'registry.jsa')}`,
      '-XX:+ExitOnOutOfMemoryError',
      '-jar',
      join(installed('apicurio'), 'quarkus-run.jar'),
    ],
    cwd: installed('apicurio'),
    env: {
      APICURIO_STORAGE_KIND: 'kafkasql',
      APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: stack.address('kafka'),
      // Its start waits for two empty polls of this length: five seconds each by default.
      APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT: '500',
      QUARKUS_HTTP_HOST: '127.0.0.1',
      QUARKUS_HTTP_PORT: String(stack.port('registry')),
      QUARKUS_MANAGEMENT_HOST: '127.0.0.1',
      QUARKUS_MANAGEMENT_PORT: String(stack.port('registry-management')),
      QUARKUS_LOG_LEVEL: 'WARN',
      QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'false',
    },
  }),
  ready: ({ stack }) => answers(`${stack.url('registry')}/apis/ccompat/v7/subjects`),
  address: (stack) => stack.url('registry'),
};
