import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../../stack/engines/connect.ts';
import { answers } from '../../../stack/lib/engine.ts';
import { locate } from '../../../stack/lib/install.ts';
import { engineContext, packages } from '../../../stack/lib/lifecycle.ts';
import { writePrivate, type Stack } from '../../../stack/lib/stack.ts';
import { findJdk } from '../../../stack/prerequisites.mjs';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { TestStack } from '../test-stack.ts';

export interface WorkerOptions {
  readonly name: string;
  readonly port: number;
  /** Properties that differ from those of the stack's own worker. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Options of its virtual machine, beside those of the stack's own worker. */
  readonly jvm?: readonly string[];
}

/** A test that is run by mocha alone has no bootstrap that looks for it. */
export function jdkOf(stack: Stack): string {
  const home = stack.java17 === '' ? findJdk(17, process.env) : stack.java17;
  if (home === undefined) throw new Error('no JDK 17');
  return home;
}

/** A Kafka Connect worker beside the stack's own, of the same group unless its properties say otherwise. */
export class Worker {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Waits until it answers. */
  static async start({ stack }: TestStack, { name, port, properties = {}, jvm = [] }: WorkerOptions): Promise<Worker> {
    const { argv } = connect.process(engineContext(stack, locate(packages({ lane: 'source' }), stack)));
    const own = new Map<string, string>();
    for (const line of readFileSync(stack.file('etc', 'connect', 'worker.properties'), 'utf8').split('\n')) {
      const at = line.indexOf('=');
      if (at > 0 && !line.startsWith('#')) own.set(line.slice(0, at), line.slice(at + 1));
    }
    const url = `http://127.0.0.1:${port}`;
    const file = stack.file('etc', 'connect', `${name}.properties`);
    const all = new Map([...own, ['listeners', url], ...Object.entries(properties)]);
    writePrivate(file, [...all].map(([key, value]) => `${key}=${value}\n`).join(''));
    const log = openSync(stack.file('logs', `${name}.log`), 'a', 0o600);
    const child = spawn(join(jdkOf(stack), 'bin', 'java'), [...jvm, ...argv.slice(1, -1), file], {
      stdio: ['ignore', log, log],
      // As an engine of this stack: whatever happens to the test, the stack's stop ends it.
      env: { ...process.env, RATEHOUSE_HOME: stack.home, RATEHOUSE_ENGINE: name },
    });
    const worker = new Worker(url, child);
    try {
      await Promise.race([
        waitFor(() => answers(`${url}/connectors`), { what: `worker ${name} to answer`, timeoutMs: 300_000 }),
        // Rejects with why it could not be run.
        once(child, 'exit').then(() => Promise.reject(new Error(`worker ${name} ended at its start`))),
      ]);
    } catch (error) {
      await worker.end('SIGKILL');
      throw error;
    }
    return worker;
  }

  /** As a machine that is taken out of service in good order (SIGTERM), or that dies (SIGKILL). */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }
}
