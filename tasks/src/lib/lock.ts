import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { resolve } from 'node:path';
import { waitFor } from './wait.ts';

/**
 * Runs `work` while no other process of this machine runs under the same name of a file. The lock is an abstract socket, of
 * which the kernel knows: it goes with its holder, however that ends, so that none is left over, and none is taken for held
 * because another program has got the pid of a dead holder. No file is made.
 * @throws RATEHOUSE_TIMEOUT when the holder does not end in time
 */
export async function withLock<T>(
  file: string,
  timeoutMs: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const held = await waitFor(() => take(file), {
    what: `another process to release the lock ${file}`,
    timeoutMs,
    signal,
  });
  try {
    return await work();
  } finally {
    held.close();
  }
}

/** Undefined when another holds it. */
async function take(file: string): Promise<Server | undefined> {
  // A socket's name has room for some hundred bytes.
  const digest = createHash('sha256').update(resolve(file)).digest('hex');
  const server = createServer((socket) => socket.destroy());
  server.listen({ path: `\0ratehouse-lock-${digest}` });
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return server;
}
