import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines as allEngines } from '../../../stack/engines/index.ts';
import { writeConnectSecrets } from '../../../stack/lib/connect-secrets.ts';
import { install } from '../../../stack/lib/install.ts';
import { byName, engineContext, startEngines, stopEngines, supervisorOf } from '../../../stack/lib/lifecycle.ts';
import { Stack } from '../../../stack/lib/stack.ts';
import { supervisorPackage } from '../../../stack/lib/supervisor.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { BenchContext } from './bench.ts';

/** A bench's ports begin this far above those of the stack, which may run meanwhile (and be told by the figures). */
const PORTS_ABOVE = 500;

/** What a bench sees of the engines it asked for. */
export interface BenchEngines {
  readonly stack: Stack;
  /** The process of an engine. Throws when it does not run. */
  pid(name: string): Promise<number>;
}

/**
 * Starts engines of a stack of the bench's own, in a temporary folder, hands them to `use`, and stops and removes them,
 * whatever comes.
 */
export async function withEngines<T>(
  names: readonly string[],
  { stack: around, signal, say }: BenchContext,
  use: (engines: BenchEngines) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'ratehouse-bench-'));
  const stack = new Stack({
    ...process.env,
    RATEHOUSE_HOME: home,
    RATEHOUSE_PORT_BASE: String(around.portBase + PORTS_ABOVE),
  });
  const wanted = names.map((name) => byName(allEngines, name));
  try {
    const progress = { stack, signal, say };
    const context = engineContext(
      stack,
      await install([supervisorPackage, ...wanted.flatMap((engine) => engine.packages)], progress),
    );
    const supervisor = supervisorOf(context);
    try {
      writeConnectSecrets(stack, 'replay', {});
      await startEngines(context, progress, wanted);
      return await use({
        stack,
        async pid(name) {
          const pid = (await supervisor.status()).find((engine) => engine.name === name)?.pid;
          if (pid === undefined) throw new RatehouseError('RATEHOUSE_REFUSED', `${name} does not run.`);
          return pid;
        },
      });
    } finally {
      say('Stopping the engines ...');
      await stopEngines(context, wanted);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
