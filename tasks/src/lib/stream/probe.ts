import { WebSocket } from 'ws';
import { RatehouseError } from '../error.ts';

/**
 * Asks whether a feed takes a token, by the handshake alone: it subscribes to nothing.
 * @param url the feed's ws:// or wss:// address without a query
 * @throws RATEHOUSE_REFUSED when the feed answers with an HTTP error, RATEHOUSE_UNREACHABLE when it does not answer
 */
export function probeFeed(url: string, token: string, timeoutMs = 10_000): Promise<void> {
  const { host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}?token=${encodeURIComponent(token)}`, { handshakeTimeout: timeoutMs });
    socket.once('open', () => {
      socket.close(1000);
      resolve();
    });
    socket.once('unexpected-response', (_, response) => {
      const status = response.statusCode ?? 0;
      const why = status === 401 || status === 403 ? 'the token was refused: check it' : 'try again later';
      response.destroy();
      reject(
        new RatehouseError('RATEHOUSE_REFUSED', `The feed at ${host} answered ${status} to the handshake; ${why}.`),
      );
    });
    socket.once('error', (error: Error & { code?: string }) => {
      // The error's own message may hold the address with the token in it: only its code is shown.
      const message = `The feed at ${host} got no connection (${error.code ?? 'handshake failed'}). Is it up, and the address right?`;
      reject(new RatehouseError('RATEHOUSE_UNREACHABLE', message));
    });
  });
}
