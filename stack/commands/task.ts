import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleTasks } from '../lib/bundle.ts';
import type { StackCommand } from '../lib/command.ts';
import { taskEnvironment } from '../lib/task-environment.ts';

/** Runs one task of the bundle against this stack: npm run -s task -- COMMAND ... */
export const task: StackCommand = ({ stack, args, signal }) => {
  const bundle = join(stack.root, 'tasks', 'dist', 'ratehouse.mjs');
  if (!existsSync(bundle)) bundleTasks(stack);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle, ...args], {
      stdio: 'inherit',
      env: { ...taskEnvironment(stack), ...process.env },
    });
    signal.addEventListener('abort', () => child.kill('SIGTERM'));
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
};
