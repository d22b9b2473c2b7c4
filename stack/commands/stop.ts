import type { StackCommand } from '../lib/command.ts';
import { locate } from '../lib/install.ts';
import { engineContext, packages, removeHome, stopEngines } from '../lib/lifecycle.ts';

export const stop: StackCommand = async ({ stack, say }) => {
  say('Stopping ...');
  const ran = await stopEngines(engineContext(stack, locate(packages(), stack)));
  say(ran ? 'The stack is stopped; its data is kept. npm start goes on from there.' : 'Nothing was running.');
  return 0;
};

export const reset: StackCommand = async (context) => {
  await stop(context);
  removeHome(context.stack);
  context.say('Data, logs and credentials of this stack are removed; what was downloaded stays in the cache.');
  return 0;
};
