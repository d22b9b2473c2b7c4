import { locate } from '../lib/install.ts';
import { engineContext, packages } from '../lib/lifecycle.ts';
import type { StackCommand } from '../lib/command.ts';
import { stackStatus, statusTable } from '../lib/status.ts';

/** Exit 0 when every engine is ready, else 1. */
export const status: StackCommand = async ({ stack, args, say }) => {
  const found = await stackStatus(engineContext(stack, locate(packages(), stack)));
  say(args.includes('--json') ? JSON.stringify(found) : statusTable(found));
  return found.ready ? 0 : 1;
};
