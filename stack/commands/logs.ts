import { existsSync } from 'node:fs';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { engines } from '../engines/index.ts';
import type { StackCommand } from '../lib/command.ts';
import { byName } from '../lib/lifecycle.ts';
import { run } from '../lib/run.ts';

/** Shows the end of an engine's log and goes on with what is written to it, until Ctrl-C; `--no-follow` ends at once. */
export const logs: StackCommand = async ({ stack, args, signal }) => {
  const name = args.find((arg) => !arg.startsWith('-'));
  if (name === undefined) {
    throw new RatehouseError(
      'RATEHOUSE_USAGE',
      `Say whose log: npm run logs -- NAME, one of ${engines.map((e) => e.name).join(', ')}.`,
    );
  }
  const file = stack.file('logs', `${byName(engines, name).name}.log`);
  if (!existsSync(file))
    throw new RatehouseError('RATEHOUSE_USAGE', `${name} has written no log yet: it was not started. Run: npm start`);
  const follow = args.includes('--no-follow') ? [] : ['-F'];
  try {
    await run(['tail', '-n', '100', ...follow, file], { inherit: true, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 0;
};
