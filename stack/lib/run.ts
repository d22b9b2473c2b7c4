import { spawn } from 'node:child_process';
import { RatehouseError } from '../../tasks/src/lib/error.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Exit codes that are no failure; 0 unless said. */
  readonly codes?: readonly number[];
  /** Show the output as it comes; otherwise it is kept, and shown when the command fails. */
  readonly inherit?: boolean;
}

/** Runs a command to its end and returns its standard output; throws with the end of its output when it fails. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [command = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.inherit === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    let out = '';
    let tail = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      tail = (tail + text).slice(-4000);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-4000);
    });
    child.on('error', (cause) => {
      reject(new RatehouseError('RATEHOUSE_UNREACHABLE', `${command} could not be run.`, { cause }));
    });
    child.on('close', (code) => {
      if ((options.codes ?? [0]).includes(code ?? -1)) resolve(out);
      else {
        const shown = tail.trim().split('\n').slice(-25).join('\n');
        reject(
          new RatehouseError(
            'RATEHOUSE_REFUSED',
            `${command} ${args[0] ?? ''} ended with code ${code ?? 'none'}.\n${shown}`,
          ),
        );
      }
    });
  });
}
