#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import type { TaskCommand, TaskOutcome } from './lib/command.ts';
import { EXIT, RatehouseError, describe, exitCodeOf } from './lib/error.ts';
import { jsonLog } from './lib/log.ts';
import { commands } from './commands.ts';

const log = jsonLog();
const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    stop.abort(new RatehouseError('RATEHOUSE_CANCELLED', `Stopped by ${name}.`));
  });
}

/** In the repository this file is two folders below the root, in the image the bundle is one below: RATEHOUSE_ROOT decides. */
const root = process.env['RATEHOUSE_ROOT'] ?? resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

function finish(outcome: TaskOutcome): void {
  const json = JSON.stringify(outcome.result);
  const xcom = process.env['XCOM_RETURN_PATH'];
  if (xcom !== undefined && xcom !== '') writeFileSync(xcom, json);
  else process.stdout.write(`${outcome.text ?? json}\n`);
  if (outcome.failed !== undefined) log.error(outcome.failed);
  process.exitCode = outcome.skip === true ? EXIT.skip : outcome.failed !== undefined ? EXIT.failed : EXIT.done;
}

function add(program: Command, task: TaskCommand): void {
  const command = program.command(task.name).description(task.summary).allowExcessArguments(false);
  task.declare(command);
  command.action(async () => {
    finish(await task.run(command.opts(), { env: process.env, log, signal: stop.signal, root }));
  });
}

const program = new Command('ratehouse').description('The tasks of Ratehouse: one program, one command a task.');
program.exitOverride().configureHelp({ showGlobalOptions: true });
for (const task of commands) add(program, task);
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else {
    const code = error instanceof RatehouseError ? error.code : 'UNEXPECTED';
    log.error(describe(error), {
      code,
      ...(code === 'UNEXPECTED' && error instanceof Error ? { stack: error.stack ?? '' } : {}),
    });
    process.exitCode = exitCodeOf(error);
  }
}
// Clients of the engines may keep sockets open; the task is over here.
process.exit();
