import { bench } from './commands/bench.ts';
import { run as runCheck } from './commands/check.ts';
import { logs } from './commands/logs.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { reset, stop } from './commands/stop.ts';
import { task } from './commands/task.ts';
import { test } from './commands/test.ts';
import { describe, exitCodeOf, RatehouseError } from '../tasks/src/lib/error.ts';
import type { StackCommand } from './lib/command.ts';
import { Stack } from './lib/stack.ts';

const commands: Readonly<Record<string, StackCommand>> = {
  start,
  stop,
  status,
  logs,
  reset,
  task,
  test,
  'test-all': test,
  bench,
  ...runCheck,
};

const [name = 'start', ...args] = process.argv.slice(2);
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    controller.abort(new RatehouseError('RATEHOUSE_CANCELLED', `Stopped by ${signal}.`));
  });
}

try {
  const command = commands[name];
  if (command === undefined) {
    throw new RatehouseError(
      'RATEHOUSE_USAGE',
      `There is no command ${name}. Known: ${Object.keys(commands).join(', ')}.`,
    );
  }
  process.exitCode = await command({
    name,
    args,
    stack: new Stack(process.env),
    signal: controller.signal,
    say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  process.stderr.write(
    `${error instanceof RatehouseError ? describe(error) : error instanceof Error ? (error.stack ?? '') : String(error)}\n`,
  );
  process.exitCode = controller.signal.aborted ? 130 : exitCodeOf(error);
}
process.exit();
