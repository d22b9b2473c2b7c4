import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../lib/engine.ts';
import { taskEnvironment } from '../lib/task-environment.ts';

/** Heals what the supervisor cannot see: failed connector tasks, Flink jobs lost with their job manager, engines that hang. */
export const keeper: Engine = {
  name: 'keeper',
  about: 'restarts failed connector tasks, lost Flink jobs and engines that hang, and aborts transactions that hang',
  after: ['connect', 'flink-taskmanager', 'flink-sql-gateway'],
  packages: [],
  process: ({ stack }) => ({
    argv: [process.execPath, '--import', 'tsx', join(stack.root, 'stack', 'keeper.ts')],
    env: {
      ...taskEnvironment(stack),
      RATEHOUSE_CACHE: stack.cache,
      RATEHOUSE_PORT_BASE: String(stack.portBase),
      RATEHOUSE_REACHED_AT: stack.host,
      RATEHOUSE_KEEPER_BEAT: join(stack.dir('run'), 'keeper.beat'),
    },
    cwd: stack.root,
  }),
  ready: ({ stack }) => {
    const beat = join(stack.dir('run'), 'keeper.beat');
    return Promise.resolve(existsSync(beat) && Date.now() - statSync(beat).mtimeMs < 30_000);
  },
  address: () => '-',
};
