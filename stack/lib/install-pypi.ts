import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstallContext } from './install.ts';
import { run } from './run.ts';

/** uv itself, from PyPI by its hash, in a virtual environment of its own: it resolves and installs far faster than pip. */
async function uv({ stack, signal }: InstallContext): Promise<string> {
  const folder = join(stack.cache, 'packages', 'uv-0.13.9');
  const done = join(folder, '.complete');
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    await run(['python3', '-m', 'venv', folder], { signal });
    const lock = join(stack.root, 'stack', 'locks', 'uv.txt');
    const pip = [join(folder, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run([...pip, '--require-hashes', '--cache-dir', join(stack.cache, 'pip'), '-r', lock], { signal });
    writeFileSync(done, '');
  }
  return join(folder, 'bin', 'uv');
}

export async function runUv(args: readonly string[], context: InstallContext): Promise<string> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    UV_CACHE_DIR: join(context.stack.cache, 'uv'),
    UV_HTTP_TIMEOUT: '300',
    UV_NO_PROGRESS: '1',
  };
  // Without .pyc files the start of a large Python program takes many times longer.
  delete env['PYTHONDONTWRITEBYTECODE'];
  return run([await uv(context), ...args], { env, signal: context.signal });
}

/** Makes a virtual environment exactly as its lock says. */
export async function installPypi(folder: string, lock: string, context: InstallContext): Promise<void> {
  // --relocatable: scripts find their interpreter beside them, so the folder can be renamed when it is complete.
  await runUv(['venv', '--quiet', '--relocatable', '--clear', '--python', 'python3', folder], context);
  const python = join(folder, 'bin', 'python');
  await runUv(['pip', 'sync', '--quiet', '--require-hashes', '--compile-bytecode', '--python', python, lock], context);
}
