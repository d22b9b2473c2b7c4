import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import { engines } from '../engines/index.ts';
import { bundleTasks } from './bundle.ts';
import type { Engine, EngineContext, Installed } from './engine.ts';
import type { InstallContext } from './install.ts';
import type { Package } from './package.ts';
import { dbtPackage, sparkJars, sparkPackage } from './packages.ts';
import { endStray } from './processes.ts';
import type { Stack } from './stack.ts';
import { readStartOptions, type StartOptions } from './start-options.ts';
import { Supervisor, supervisorPackage } from './supervisor.ts';

// Minutes on a machine that has other things to do as well.
const READY_TIMEOUT_MS = 300_000;

/** The engines in an order in which each comes after those it needs. */
export function inStartOrder(all: readonly Engine[]): Engine[] {
  const ordered: Engine[] = [];
  const visit = (engine: Engine, path: readonly string[]): void => {
    if (ordered.includes(engine)) return;
    if (path.includes(engine.name)) {
      throw new RatehouseError(
        'RATEHOUSE_CONFIG',
        `Engines wait for each other: ${[...path, engine.name].join(' -> ')}.`,
      );
    }
    for (const name of engine.after) visit(byName(all, name), [...path, engine.name]);
    ordered.push(engine);
  };
  for (const engine of all) visit(engine, []);
  return ordered;
}

export function byName(all: readonly Engine[], name: string): Engine {
  const found = all.find((engine) => engine.name === name);
  if (found === undefined) {
    const known = all.map((e) => e.name).join(', ');
    throw new RatehouseError('RATEHOUSE_USAGE', `There is no engine named ${name}. Known: ${known}.`);
  }
  return found;
}

/** What a source connector needs, and no more. */
const SOURCE_ENGINES: readonly string[] = ['kafka', 'registry', 'connect'];

type Kind = Pick<StartOptions, 'lane'> & Partial<Pick<StartOptions, 'catalog' | 'warehouse' | 'without'>>;

/** The engines of a stack as it was started: those of its lane and of its lake's catalog, but for those it was to do without. */
export function stackEngines({ lane, catalog, warehouse, without }: Kind): readonly Engine[] {
  if (lane === 'source') return engines.filter((engine) => SOURCE_ENGINES.includes(engine.name));
  const left = without?.split(',') ?? [];
  return engines.filter(
    (engine) =>
      !left.some((name) => engine.name === name || engine.name.startsWith(`${name}-`)) &&
      (engine.lane === undefined || lane === 'both') &&
      (engine.catalog === undefined || (engine.catalog === catalog && warehouse === undefined)),
  );
}

/** Everything that the engines and the tasks of a stack are made of. */
export function packages(kind: Kind = { lane: 'both' }): Package[] {
  const tasks = kind.lane === 'both' ? [sparkPackage, sparkJars, dbtPackage] : [];
  return [supervisorPackage, ...stackEngines(kind).flatMap((engine) => engine.packages), ...tasks];
}

export function engineContext(stack: Stack, installed: Installed): EngineContext {
  return {
    stack,
    installed(name) {
      const folder = installed[name];
      if (folder === undefined)
        throw new RatehouseError('RATEHOUSE_CONFIG', `The package ${name} is not installed. Run: npm start`);
      return folder;
    },
  };
}

/**
 * Brings engines up, those of the stack's lane unless others are named, each as soon as those it needs are ready.
 * Leaves running ones alone. Returns the names of those it started.
 */
export async function startEngines(
  context: EngineContext,
  { say, signal }: InstallContext,
  wanted: readonly Engine[] = stackEngines(readStartOptions(context.stack)),
): Promise<string[]> {
  const { stack } = context;
  const supervisor = supervisorOf(context);
  if (supervisor.pid() === undefined) {
    const stray = await endStray(stack);
    if (stray > 0) say(`Ended ${stray} processes that an earlier supervisor had left.`);
  }
  bundleTasks(stack);
  if (wanted.some((engine) => engine.name.startsWith('flink-'))) copyFunctions(context);
  for (const engine of wanted) await engine.prepare?.(context);
  await supervisor.configure(wanted, context);

  const running = new Set((await supervisor.status()).filter((p) => p.state === 'RUNNING').map((p) => p.name));
  const started: string[] = [];
  const ready = new Map<string, Promise<void>>();
  for (const engine of inStartOrder(wanted)) {
    const one = async (): Promise<void> => {
      for (const name of engine.after) await ready.get(name);
      signal?.throwIfAborted();
      const began = Date.now();
      const fresh = !running.has(engine.name);
      if (fresh) {
        started.push(engine.name);
        await supervisor.start(engine.name);
      }
      await becomeReady(engine, context, supervisor, signal);
      if (fresh) say(`  ${engine.name.padEnd(21)} ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    };
    ready.set(engine.name, one());
  }
  // All are awaited, so that a failed one leaves no other still starting while everything is being stopped.
  const ends = await Promise.allSettled([...ready.values()]);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return started;
}

/** What the jobs call, at a place that does not change with the version. */
function copyFunctions({ stack, installed }: EngineContext): void {
  const functions = join(stack.dir('run'), 'flink-functions.jar');
  copyFileSync(join(installed('java'), 'functions', 'flink-functions.jar'), functions);
  chmodSync(functions, 0o600);
}

async function becomeReady(
  engine: Engine,
  context: EngineContext,
  supervisor: Supervisor,
  signal?: AbortSignal,
): Promise<void> {
  let failures = 0;
  let asked = Date.now();
  try {
    await waitFor(() => engine.ready(context), {
      what: `${engine.name} to be ready`,
      timeoutMs: READY_TIMEOUT_MS,
      signal,
      async check() {
        if (Date.now() - asked < 3000) return;
        asked = Date.now();
        const state = (await supervisor.status()).find((p) => p.name === engine.name)?.state;
        if (state === 'BACKOFF' || state === 'FATAL' || state === 'EXITED') failures += 1;
        if (failures >= 3)
          throw new RatehouseError('RATEHOUSE_REFUSED', `${engine.name} ends as soon as it is started.`);
      },
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const log = logTail(context.stack, engine.name);
    throw new RatehouseError(
      'RATEHOUSE_UNREACHABLE',
      `${message}\nThe end of its log (npm run logs -- ${engine.name}):\n${log}`,
      { cause },
    );
  }
}

export function logTail(stack: Stack, name: string, lines = 15): string {
  const file = join(stack.home, 'logs', `${name}.log`);
  if (!existsSync(file)) return '  (no log yet)';
  const text = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines);
  return text.map((line) => `  ${line}`).join('\n');
}

export function supervisorOf(context: EngineContext): Supervisor {
  return new Supervisor(context.stack, context.installed('supervisor'));
}

/** Stops everything in the reverse of the start order; returns whether anything ran. */
export async function stopEngines(
  context: EngineContext,
  wanted: readonly Engine[] = stackEngines(readStartOptions(context.stack)),
): Promise<boolean> {
  const supervisor = supervisorOf(context);
  const ran = supervisor.pid() !== undefined;
  await supervisor.stopAll(
    inStartOrder(wanted)
      .map((engine) => engine.name)
      .reverse(),
  );
  return (await endStray(context.stack)) > 0 || ran;
}

/** Removes what the stack made: data, state, logs, credentials. The cache of packages stays. */
export function removeHome(stack: Stack): void {
  for (const name of ['data', 'state', 'logs', 'run', 'etc', 'secrets']) {
    rmSync(join(stack.home, name), { recursive: true, force: true });
  }
}
