import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../lib/engine.ts';
import { taskEnvironment } from '../lib/task-environment.ts';

/** Heals what lives inside the engines: failed connector tasks and Flink jobs lost with their job manager. */
export const keeper: Engine = {
  name: 'keeper',
  about: 'restarts failed connector tasks and lost Flink jobs',
  after: ['connect', 'flink-taskmanager', 'flink-sql-gateway'],
  packages: [],
  process: ({ stack }) => ({
    argv: [process.execPath, '--import', 'tsx', join(stack.root, 'stack', 'keeper.ts')],
    env: { ...taskEnvironment(stack), RATEHOUSE_KEEPER_BEAT: join(stack.dir('run'), 'keeper.beat') },
    cwd: stack.root,
  }),
  ready: ({ stack }) => {
    const beat = join(stack.dir('run'), 'keeper.beat');
    return Promise.resolve(existsSync(beat) && Date.now() - statSync(beat).mtimeMs < 30_000);
  },
  address: () => '-',
};
