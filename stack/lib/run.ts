import { $ } from 'zx';
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
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd, signal, codes = [0], env = process.env } = options;
  const output = options.inherit === true ? 'inherit' : 'pipe';
  const shell = $({
    env,
    nothrow: true,
    quiet: true,
    // In this process's own group, so that Ctrl-C reaches it as well.
    detached: false,
    stdio: ['ignore', output, output],
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { exitCode, stdout, stderr } = await shell`exec ${argv}`;
  signal?.throwIfAborted();
  if (exitCode !== null && codes.includes(exitCode)) return stdout;
  const shown = (stdout + stderr).trim().split('\n').slice(-25).join('\n');
  const what = `${argv[0] ?? ''} ${argv[1] ?? ''}`.trim();
  throw new RatehouseError('RATEHOUSE_REFUSED', `${what} ended with code ${exitCode ?? 'none'}.\n${shown}`);
}
