import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { BenchEngines } from '../lib/engines.ts';
import type { Subject } from './subject.ts';

/** What the sink is compared with, as a process of its own. A new group for each name. */
export function loop({ stack }: BenchEngines, group: string, lingerMs: number): Subject {
  let child: ChildProcess | undefined;
  return {
    name: 'loop',
    start() {
      child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'loop', 'main.ts')], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          LOOP_ROOT: stack.root,
          LOOP_GROUP: group,
          LOOP_KAFKA: stack.address('kafka'),
          LOOP_REGISTRY_URL: stack.url('registry'),
          LOOP_CLICKHOUSE_URL: stack.url('clickhouse-http'),
          LOOP_CLICKHOUSE_PASSWORD: stack.credentials.clickhouse,
          LOOP_LINGER_MS: String(lingerMs),
        },
      });
      if (child.pid === undefined) throw new RatehouseError('RATEHOUSE_REFUSED', 'The loop could not be started.');
      return Promise.resolve(child.pid);
    },
    async stop() {
      if (child === undefined) return;
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
      child.kill('SIGTERM');
      await gone;
    },
  };
}
