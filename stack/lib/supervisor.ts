import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import type { Engine, EngineContext } from './engine.ts';
import { pypi } from './package.ts';
import { isAlive } from './processes.ts';
import { run } from './run.ts';
import { writePrivate, type Stack } from './stack.ts';

export const supervisorPackage = pypi('supervisor', ['supervisor==4.3.0']);

/** States of supervisor's own vocabulary (http://supervisord.org/subprocess.html#process-states). */
export interface ProcessStatus {
  readonly name: string;
  readonly state: 'STOPPED' | 'STARTING' | 'RUNNING' | 'BACKOFF' | 'STOPPING' | 'EXITED' | 'FATAL' | 'UNKNOWN';
  readonly pid: number | undefined;
}

/** A value in supervisor's configuration: quoted, and with its % signs kept from expansion. */
const quoted = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;

function program(engine: Engine, context: EngineContext): string {
  const { stack } = context;
  const { argv, env, cwd, stopSeconds } = engine.process(context);
  const variables = { ...env, RATEHOUSE_HOME: stack.home, RATEHOUSE_ENGINE: engine.name };
  return `
[program:${engine.name}]
command=${argv.map(quoted).join(' ')}
environment=${Object.entries(variables)
    .map(([key, value]) => `${key}=${quoted(value)}`)
    .join(',')}
directory=${cwd ?? stack.home}
autostart=false
autorestart=true
startsecs=3
startretries=1000
stopwaitsecs=${stopSeconds ?? 30}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile=${stack.file('logs', `${engine.name}.log`)}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=2
`;
}

function configuration(engines: readonly Engine[], context: EngineContext): string {
  const { stack } = context;
  const login = `username=ratehouse\npassword=${stack.credentials.supervisor}`;
  const head = `[supervisord]
logfile=${stack.file('logs', 'supervisord.log')}
logfile_maxbytes=5MB
logfile_backups=1
pidfile=${pidFile(stack)}
childlogdir=${stack.dir('logs')}
umask=077

[inet_http_server]
port=${stack.listens('supervisor')}
${login}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=http://${stack.listens('supervisor')}
${login}
`;
  return head + engines.map((engine) => program(engine, context)).join('');
}

const pidFile = (stack: Stack): string => stack.file('run', 'supervisord.pid');
const configFile = (stack: Stack): string => stack.file('run', 'supervisord.conf');

/** Supervisor (PyPI) holds the engines' processes: starts them, starts them again when they die, keeps their logs small. */
export class Supervisor {
  constructor(
    private readonly stack: Stack,
    private readonly folder: string,
  ) {}

  pid(): number | undefined {
    if (!existsSync(pidFile(this.stack))) return undefined;
    const pid = Number(readFileSync(pidFile(this.stack), 'utf8'));
    return isAlive(pid, configFile(this.stack)) ? pid : undefined;
  }

  /** Writes the configuration of all engines; a running supervisor takes up what changed, which restarts only those. */
  async configure(engines: readonly Engine[], context: EngineContext): Promise<void> {
    writePrivate(configFile(this.stack), configuration(engines, context));
    if (this.pid() === undefined) {
      await run([join(this.folder, 'bin', 'supervisord'), '-c', configFile(this.stack)]);
      await waitFor(async () => (await this.status()).length > 0, { what: 'supervisord to answer', timeoutMs: 15_000 });
    } else await this.control('update');
  }

  async status(): Promise<ProcessStatus[]> {
    if (this.pid() === undefined) return [];
    const text = await this.control('status', [0, 3]);
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [name = '', state = 'UNKNOWN'] = line.split(/\s+/);
        const pid = /pid (\d+)/.exec(line);
        return { name, state: state as ProcessStatus['state'], pid: pid === null ? undefined : Number(pid[1]) };
      });
  }

  async start(name: string): Promise<void> {
    // A process that ends before `startsecs` makes this fail although supervisor goes on trying: readiness decides, not this.
    await this.control(`start ${name}`, [0, 1, 7]);
  }

  /** Stops one process, and keeps it stopped until it is started again. */
  async stop(name: string): Promise<void> {
    await this.control(`stop ${name}`);
  }

  /** Stops all processes in the order given, then supervisord itself. */
  async stopAll(names: readonly string[]): Promise<void> {
    const pid = this.pid();
    if (pid === undefined) return;
    for (const name of names) await this.control(`stop ${name}`, [0, 1, 7]);
    await this.control('shutdown', [0, 1]);
    await waitFor(() => Promise.resolve(!isAlive(pid, configFile(this.stack))), {
      what: 'supervisord to end',
      timeoutMs: 90_000,
    });
  }

  private control(command: string, codes: readonly number[] = [0]): Promise<string> {
    const ctl = join(this.folder, 'bin', 'supervisorctl');
    return run([ctl, '-c', configFile(this.stack), ...command.split(' ')], { codes });
  }
}
