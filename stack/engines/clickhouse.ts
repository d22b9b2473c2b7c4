import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../lib/engine.ts';
import { npm } from '../lib/package.ts';
import { writePrivate } from '../lib/stack.ts';

/** The real server, out of the library that ships it; launchers/clickhouse.py is its main program. */
export const clickhouse: Engine = {
  name: 'clickhouse',
  about: 'ClickHouse over HTTP; native protocol one port above; user ratehouse',
  after: [],
  packages: [npm('clickhouse')],
  prepare({ stack }) {
    const template = readFileSync(join(stack.root, 'stack', 'templates', 'clickhouse.xml'), 'utf8');
    const hash = createHash('sha256').update(stack.credentials.clickhouse).digest('hex');
    writePrivate(stack.file('etc', 'clickhouse', 'config.xml'), template.replaceAll('${PASSWORD_SHA256}', hash));
    writePrivate(stack.file('secrets', 'clickhouse.password'), stack.credentials.clickhouse);
  },
  process: ({ stack, installed }) => ({
    argv: [
      'python3',
      join(stack.root, 'stack', 'launchers', 'clickhouse.py'),
      '--lib',
      join(installed('clickhouse'), 'node_modules', '@chdb', 'lib-linux-x64-gnu', 'libchdb.so'),
      '--data',
      stack.dir('data', 'clickhouse'),
      '--config',
      stack.file('etc', 'clickhouse', 'config.xml'),
      '--http-port',
      String(stack.port('clickhouse-http')),
      '--tcp-port',
      String(stack.port('clickhouse-tcp')),
    ],
    cwd: stack.dir('data', 'clickhouse'),
    // It lets running queries end, for 20 seconds at the most.
    stopSeconds: 25,
  }),
  async ready({ stack }) {
    const response = await fetch(stack.url('clickhouse-http'), {
      method: 'POST',
      body: 'SELECT 1',
      headers: { 'X-ClickHouse-User': 'ratehouse', 'X-ClickHouse-Key': stack.credentials.clickhouse },
      signal: AbortSignal.timeout(2000),
    });
    return response.ok && (await response.text()).trim() === '1';
  },
  address: (stack) => stack.url('clickhouse-http'),
};
