import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, type Dirent } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { locate } from '../../stack/lib/install.ts';
import { engineContext, packages, supervisorOf } from '../../stack/lib/lifecycle.ts';
import { enginesOf } from '../../stack/lib/processes.ts';
import { runTask, type TaskRun } from '../../stack/lib/run-task.ts';
import { Stack } from '../../stack/lib/stack.ts';
import type { Supervisor } from '../../stack/lib/supervisor.ts';
import { stackStatus, type EngineStatus } from '../../stack/lib/status.ts';
import { taskEnvironment } from '../../stack/lib/task-environment.ts';
import { TopicReader, type PartitionRange } from '../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../tasks/src/lib/log.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');

export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  /** Both outputs. */
  readonly output: string;
}

/** Runs one of the npm scripts' commands as a person would, in a process group of its own, with both outputs as one text. */
export function ratehouse(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  watch: (output: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
  within: readonly string[] = [],
): Promise<CommandEnd> {
  if (interrupted && args[0] !== 'stop') return Promise.reject(new Error('the run of the tests was interrupted'));
  return new Promise((done, reject) => {
    const [program = '', ...argv] = [...within, process.execPath, join(root, 'stack', 'bootstrap.mjs'), ...args];
    const child = spawn(program, argv, {
      cwd: root,
      env,
      stdio: 'pipe',
      detached: true,
    });
    // What stops a stack goes on to its end, whatever comes.
    if (args[0] !== 'stop') running.add(child);
    let output = '';
    let stdout = '';
    let killed = false;
    // As a terminal does: Ctrl-C reaches every process of the group.
    const kill = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined && !killed) process.kill(-child.pid, signal);
      killed = true;
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        watch(output, kill);
      });
    }
    child.stdout.on('data', (text: string) => (stdout += text));
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      done({ code: code ?? 1, stdout, output });
    });
  });
}

const ledgerReport = z.object({
  balanced: z.boolean(),
  stages: z.array(
    z.looseObject({
      stage: z.string(),
      trades: z.number(),
      refused: z.number().optional(),
      late: z.number().optional(),
    }),
  ),
  gaps: z.array(z.object({ from: z.string(), to: z.string(), reason: z.string().nullable() })),
  problems: z.array(z.unknown()),
});
export type LedgerReport = z.infer<typeof ledgerReport>;

/** The gaps but for the one that every feed begins with: its first minute is partial. */
export const laterGaps = ({ gaps }: LedgerReport): LedgerReport['gaps'] =>
  gaps.filter((gap) => gap.reason !== 'the first minute is partial');

const stacks = new Set<TestStack>();
const running = new Set<ChildProcess>();
let interrupted = false;

// An interrupted test run must not leave a stack behind. Mocha goes on meanwhile: its hooks remove their stacks too, and what it
// wants to start is refused.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    for (const child of running) child.kill('SIGTERM');
    void Promise.allSettled([...running].map((child) => once(child, 'close')))
      .then(() => Promise.allSettled([...stacks].map((stack) => stack.remove())))
      .then(() => process.exit(130));
  });
}

export interface TestStackOptions {
  /** Another loopback address than the one that engines listen on: a proxy of the test's listens there. */
  readonly reachedAt?: string;
}

/** A stack of the tests' own, beside any other: its home in a temporary folder, its ports in a range of its own. */
export class TestStack {
  readonly stack: Stack;
  readonly env: NodeJS.ProcessEnv;
  private removal: Promise<void> | undefined;

  constructor(portBase: number, { reachedAt }: TestStackOptions = {}) {
    const home = mkdtempSync(join(tmpdir(), 'ratehouse-test-'));
    // Two runs of the tests at once on one machine, for who develops: each with an offset of its own.
    const offset = Number(process.env['RATEHOUSE_TEST_PORT_OFFSET'] ?? 0);
    this.env = {
      ...process.env,
      RATEHOUSE_HOME: home,
      RATEHOUSE_PORT_BASE: String(portBase + offset),
      ...(reachedAt === undefined ? {} : { RATEHOUSE_REACHED_AT: reachedAt }),
    };
    this.stack = new Stack(this.env);
    stacks.add(this);
  }

  /** The environment in which a task finds this stack. */
  get taskEnv(): Record<string, string> {
    return taskEnvironment(this.stack);
  }

  run(...args: string[]): Promise<CommandEnd> {
    return ratehouse(args, this.env);
  }

  /** Runs a command until its output matches, and sends it a signal then. */
  runUntil(args: readonly string[], output: RegExp, signal: NodeJS.Signals): Promise<CommandEnd> {
    return ratehouse(args, this.env, (text, kill) => {
      if (output.test(text)) kill(signal);
    });
  }

  mustRun(...args: string[]): Promise<string> {
    return this.mustRunWithin([], ...args);
  }

  /** The same by another program, given with its arguments: one that makes a name space, say. */
  async mustRunWithin(within: readonly string[], ...args: string[]): Promise<string> {
    const { code, output } = await ratehouse(args, this.env, undefined, within);
    if (code !== 0) throw new Error(`ratehouse ${args.join(' ')} ended with code ${code}:\n${output}`);
    return output;
  }

  task(...args: string[]): Promise<TaskRun> {
    return runTask(this.stack, args);
  }

  /** A task that works with another folder of contracts, configurations and SQL: a newer release's, or an older one's. */
  taskWith(root: string, ...args: string[]): Promise<TaskRun> {
    return runTask(this.stack, args, { env: { RATEHOUSE_ROOT: root } });
  }

  async ledger(): Promise<LedgerReport> {
    return ledgerReport.parse((await this.task('ledger', '--json')).result);
  }

  async engines(): Promise<readonly EngineStatus[]> {
    return (await stackStatus(engineContext(this.stack, locate(packages(), this.stack)))).engines;
  }

  async engine(name: string): Promise<EngineStatus> {
    const found = (await this.engines()).find((engine) => engine.name === name);
    if (found === undefined) throw new Error(`no engine ${name}`);
    return found;
  }

  /** SIGKILLs an engine while a transaction of its own on a topic is open, and waits until another process of it is ready. */
  async killInTransaction(name: string, topic: string): Promise<void> {
    const pid = await this.pid(name);
    const reader = await TopicReader.connect([this.stack.address('kafka')], jsonLog());
    try {
      await waitFor(
        async () => {
          process.kill(pid, 'SIGSTOP');
          const ranges = await reader.range(topic);
          const open = await undecided(reader, topic, ranges);
          if (open === 0) process.kill(pid, 'SIGCONT');
          return open > 0;
        },
        // In between it runs for long enough to get on, on a busy machine too.
        { what: `${name} to have a transaction open`, timeoutMs: 120_000, intervalMs: 100 },
      );
    } finally {
      await reader.close();
    }
    await this.kill(name);
  }

  /** The process of an engine that runs. */
  async pid(name: string): Promise<number> {
    const { pid } = await this.engine(name);
    if (pid === null) throw new Error(`${name} does not run`);
    return pid;
  }

  /** Stops an engine, which the supervisor then leaves stopped. */
  async stopEngine(name: string): Promise<void> {
    await this.supervisor().stop(name);
  }

  /** Starts an engine that was stopped, and waits until it is ready. */
  async startEngine(name: string): Promise<void> {
    await this.supervisor().start(name);
    await waitFor(async () => (await this.engine(name)).state === 'ready', {
      what: `${name} to be ready again`,
      timeoutMs: 120_000,
      intervalMs: 500,
    });
  }

  private supervisor(): Supervisor {
    return supervisorOf(engineContext(this.stack, locate(packages(), this.stack)));
  }

  /** SIGKILLs an engine and waits until another process of it is ready. */
  async kill(name: string): Promise<void> {
    const pid = await this.pid(name);
    process.kill(pid, 'SIGKILL');
    await waitFor(
      async () => {
        const now = await this.engine(name);
        return now.state === 'ready' && now.pid !== pid;
      },
      { what: `${name} to be ready again`, timeoutMs: 120_000, intervalMs: 500 },
    );
  }

  supervisorPid(): number {
    const pid = this.supervisor().pid();
    if (pid === undefined) throw new Error('the supervisor does not run');
    return pid;
  }

  async killSupervisor(): Promise<void> {
    process.kill(this.supervisorPid(), 'SIGKILL');
    await waitFor(() => Promise.resolve(this.supervisor().pid() === undefined), {
      what: 'the supervisor to be gone',
      timeoutMs: 5000,
    });
  }

  processes(): { pid: number; engine: string }[] {
    return enginesOf(this.stack);
  }

  /** Addresses on which this stack's ports listen beside 127.0.0.1. */
  foreignListeners(): string[] {
    const found: string[] = [];
    for (const table of ['tcp', 'tcp6']) {
      for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)) {
        const [, local = '', , state] = line.trim().split(/\s+/);
        const [address = '', port = '0'] = local.split(':');
        const offset = parseInt(port, 16) - this.stack.portBase;
        // 0A is LISTEN; the loopback address, also mapped into IPv6, ends in 0100007F in this file's byte order.
        if (state === '0A' && offset >= 0 && offset < 1000 && !address.endsWith('0100007F')) found.push(local);
      }
    }
    return found;
  }

  /** Files of this stack's configuration and secrets that another user could read. */
  readableByOthers(): string[] {
    return ['secrets', 'etc', 'run'].flatMap((folder) =>
      filesBelow(join(this.stack.home, folder)).filter((file) => (statSync(file).mode & 0o077) !== 0),
    );
  }

  /** Places where one of this stack's secrets can be read that should hold none. */
  async leaks(): Promise<string[]> {
    // The others are an identifier and a name, which may be seen.
    const secrets = Object.entries(this.stack.credentials).filter(
      ([name]) => !['kafkaClusterId', 's3AccessKey'].includes(name),
    );
    const places = new Map<string, string>();
    for (const { pid, engine } of this.processes())
      places.set(`arguments of ${engine}`, readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const logs = [join(this.stack.home, 'logs'), join(this.stack.home, 'data', 'airflow', 'logs')];
    for (const file of logs.filter((folder) => existsSync(folder)).flatMap(filesBelow)) places.set(file, textOf(file));
    // Kafka's log holds connector configurations, offsets and every record.
    for (const file of filesBelow(join(this.stack.home, 'data', 'kafka'))) places.set(file, textOf(file));
    const connectors = await fetch(`${this.stack.url('connect')}/connectors?expand=info&expand=status`);
    places.set('Kafka Connect REST', await connectors.text());
    return [...places]
      .filter(([, text]) => secrets.some(([, secret]) => text.includes(secret)))
      .map(([place]) => place);
  }

  /** Stops it and removes its home. Asked again, it is the same removal. */
  remove(): Promise<void> {
    return (this.removal ??= this.stopAndRemove());
  }

  private async stopAndRemove(): Promise<void> {
    await this.run('stop');
    rmSync(this.stack.home, { recursive: true, force: true });
    stacks.delete(this);
  }
}

/** Records at the end of a topic whose transaction is still open. */
async function undecided(reader: TopicReader, topic: string, ranges: readonly PartitionRange[]): Promise<number> {
  const tail = ranges.map(({ partition, from, to }) => ({ partition, from: Math.max(from, to - 5000), to }));
  const batches = reader.read(topic, tail);
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) return value.undecided;
  }
}

/** Every file below a folder of a running engine, whose folders may be gone by the time they are looked into. */
function filesBelow(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

const entriesOf = (folder: string): Dirent[] => ifThere(() => readdirSync(folder, { withFileTypes: true })) ?? [];

const textOf = (file: string): string => ifThere(() => readFileSync(file, 'latin1')) ?? '';

/** Files of a running engine come and go while they are read. */
function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The recorded week, where the cache has it. */
export function recordingOf(stack: Stack): string {
  return join(locate(packages(), stack)['recording'] ?? '', 'bitstamp_trades_from_20131125_usd.csv');
}
