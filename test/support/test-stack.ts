import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { engines } from '../../stack/engines/index.ts';
import { locate } from '../../stack/lib/install.ts';
import { engineContext, packages } from '../../stack/lib/lifecycle.ts';
import { enginesOf } from '../../stack/lib/processes.ts';
import { runTask, type TaskRun } from '../../stack/lib/run-task.ts';
import { Stack } from '../../stack/lib/stack.ts';
import { stackStatus, type EngineStatus } from '../../stack/lib/status.ts';
import { taskEnvironment } from '../../stack/lib/task-environment.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');

export interface CommandEnd {
  readonly code: number;
  readonly output: string;
}

/** Runs one of the npm scripts' commands as a person would, with both outputs as one text. */
export function ratehouse(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<CommandEnd> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [join(root, 'stack', 'bootstrap.mjs'), ...args], { cwd: root, env, stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      done({ code: code ?? 1, output });
    });
  });
}

const ledgerReport = z.object({
  balanced: z.boolean(),
  stages: z.array(z.object({ stage: z.string(), trades: z.number() })),
  gaps: z.array(z.object({ from: z.string(), to: z.string() })),
  problems: z.array(z.unknown()),
});
export type LedgerReport = z.infer<typeof ledgerReport>;

/** A stack of the tests' own, beside any other: its home in a temporary folder, its ports in a range of its own. */
export class TestStack {
  readonly stack: Stack;
  private readonly env: NodeJS.ProcessEnv;

  constructor(portBase: number) {
    const home = mkdtempSync(join(tmpdir(), 'ratehouse-test-'));
    this.env = { ...process.env, RATEHOUSE_HOME: home, RATEHOUSE_PORT_BASE: String(portBase) };
    this.stack = new Stack(this.env);
  }

  /** The environment in which a task finds this stack. */
  get taskEnv(): Record<string, string> {
    return taskEnvironment(this.stack);
  }

  run(...args: string[]): Promise<CommandEnd> {
    return ratehouse(args, this.env);
  }

  async mustRun(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`ratehouse ${args.join(' ')} ended with code ${code}:\n${output}`);
    return output;
  }

  task(...args: string[]): Promise<TaskRun> {
    return runTask(this.stack, args);
  }

  async ledger(): Promise<LedgerReport> {
    return ledgerReport.parse((await this.task('ledger', '--json')).result);
  }

  async engine(name: string): Promise<EngineStatus> {
    const status = await stackStatus(engineContext(this.stack, locate(packages(), this.stack)));
    const found = status.engines.find((engine) => engine.name === name);
    if (found === undefined) throw new Error(`no engine ${name}`);
    return found;
  }

  /** SIGKILLs an engine and waits until another process of it is ready. */
  async kill(name: string): Promise<void> {
    const { pid } = await this.engine(name);
    if (pid === null) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
    await waitFor(
      async () => {
        const now = await this.engine(name);
        return now.state === 'ready' && now.pid !== pid;
      },
      { what: `${name} to be ready again`, timeoutMs: 120_000, intervalMs: 500 },
    );
  }

  processes(): { pid: number; engine: string }[] {
    return enginesOf(this.stack);
  }

  async remove(): Promise<void> {
    await this.run('stop');
    rmSync(this.stack.home, { recursive: true, force: true });
  }
}

export const engineNames = engines.map((engine) => engine.name);
