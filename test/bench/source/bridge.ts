import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { BenchEngines } from '../lib/engines.ts';
import type { Subject } from './subject.ts';
import { SYMBOLS } from './trade-block.ts';

export const POSITIONS = 'bench-bridge-positions';

/** What the connector is compared with, as a process of its own. */
export function bridge({ stack }: BenchEngines): Subject {
  let child: ChildProcess | undefined;
  return {
    name: 'bridge',
    start(feedUrl) {
      child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'bridge', 'main.ts')], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          BRIDGE_ROOT: stack.root,
          BRIDGE_FEED_URL: feedUrl,
          BRIDGE_SYMBOLS: SYMBOLS.join(),
          BRIDGE_KAFKA: stack.address('kafka'),
          BRIDGE_REGISTRY_URL: stack.url('registry'),
          BRIDGE_POSITIONS: POSITIONS,
        },
      });
      if (child.pid === undefined) throw new RatehouseError('RATEHOUSE_REFUSED', 'The bridge could not be started.');
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
