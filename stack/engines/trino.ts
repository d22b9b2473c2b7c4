import { join } from 'node:path';
import { z } from 'zod';
import { trinoEnvironment, trinoFile } from '../../tasks/src/lib/catalog/trino.ts';
import { stackCatalog } from '../lib/catalog.ts';
import type { Engine, EngineContext } from '../lib/engine.ts';
import { trinoPackage } from '../lib/packages.ts';
import { writePrivate, type Stack } from '../lib/stack.ts';

/** Options that its own launcher would give; without the launcher there is one process to watch. */
const JVM = [
  '-Xms512m',
  '-Xmx1024m',
  '-XX:+UseSerialGC',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:-OmitStackTraceInFastThrow',
  '-XX:ReservedCodeCacheSize=192M',
  '-XX:PerMethodRecompilationCutoff=10000',
  '-XX:PerBytecodeRecompilationCutoff=10000',
  '-Djdk.attach.allowAttachSelf=true',
  '-Djdk.nio.maxCachedBufferSize=2000000',
  '-Dfile.encoding=UTF-8',
  '-XX:+EnableDynamicAgentLoading',
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
  // Its own module graph: the engine adds vector instructions where they are there.
  '--add-modules=jdk.incubator.vector',
];

const config = (stack: Stack, plugins: string): string => `coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=${stack.port('trino')}
node.internal-address=127.0.0.1
discovery.uri=http://${stack.listens('trino')}
query.max-memory=512MB
query.max-memory-per-node=512MB
memory.heap-headroom-per-node=200MB
task.concurrency=2
task.max-worker-threads=4
query.client.timeout=2m
query.max-history=50
query.min-expire-age=1m
catalog.management=static
node.environment=ratehouse
node.id=ratehouse-embedded
node.bind-ip=127.0.0.1
catalog.config-dir=${stack.dir('etc', 'trino', 'catalog')}
plugin.dir=${plugins}
`;

const clickhouse = (stack: Stack): string => `connector.name=clickhouse
connection-url=jdbc:clickhouse://${stack.address('clickhouse-http')}/?compress=0
connection-user=ratehouse
connection-password=\${ENV:CLICKHOUSE_PASSWORD}
clickhouse.map-string-as-varchar=true
`;

const info = z.object({ starting: z.boolean() });

const home = ({ installed }: EngineContext): string => join(installed('trino'), 'trino-server-476');

export const trino: Engine = {
  name: 'trino',
  about: 'Trino; user ratehouse, no password; catalogs lake and clickhouse',
  after: ['seaweedfs', 'clickhouse'],
  lane: 'batch',
  packages: [trinoPackage],
  prepare(context) {
    const { stack } = context;
    const file = (...name: string[]): string => stack.file('etc', 'trino', ...name);
    writePrivate(file('config.properties'), config(stack, join(home(context), 'plugin')));
    writePrivate(file('log.properties'), 'io.trino=WARN\nBootstrap=WARN\n');
    writePrivate(file('catalog', 'lake.properties'), trinoFile(stackCatalog(stack).catalog));
    writePrivate(file('catalog', 'clickhouse.properties'), clickhouse(stack));
  },
  process(context) {
    const { stack } = context;
    return {
      argv: [
        join(stack.java25, 'bin', 'java'),
        ...JVM,
        `-Dconfig=${stack.file('etc', 'trino', 'config.properties')}`,
        `-Dlog.levels-file=${stack.file('etc', 'trino', 'log.properties')}`,
        '-cp',
        `${home(context)}/lib/*`,
        'io.trino.server.TrinoServer',
      ],
      env: {
        ...trinoEnvironment(stackCatalog(stack).secrets),
        CLICKHOUSE_PASSWORD: stack.credentials.clickhouse,
      },
      cwd: stack.dir('run', 'trino'),
    };
  },
  async ready({ stack }) {
    const response = await fetch(`${stack.url('trino')}/v1/info`, { signal: AbortSignal.timeout(2000) });
    return response.ok && !info.parse(await response.json()).starting;
  },
  address: (stack) => stack.url('trino'),
};
