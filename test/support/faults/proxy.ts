import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';

/**
 * What a broken connection is like. `cut`: both ends get a reset, and so does who connects anew. `silent`: nothing passes, and
 * all of it passes once it is mended, as after a cable was pulled. `half-open`: the server's end is gone and the client is not
 * told, ever: a connection begun meanwhile hangs too, also after it is mended.
 */
export type BreakKind = 'cut' | 'silent' | 'half-open';

/** One direction-less connection through the proxy. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly port: number;
  readonly clientPort: number;
}

export interface Break {
  readonly kind: BreakKind;
  /** The ports of the engine that is connected to. */
  readonly ports: readonly number[];
  /** Whether a connection from this local port is meant; asked again for each new one. */
  readonly from: (clientPort: number) => boolean;
}

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** Passes TCP connections from one loopback address on to another, and breaks those that it is told to. */
export class Proxy {
  private readonly servers: Server[] = [];
  private readonly pairs = new Set<Pair>();
  private readonly held = new Set<() => void>();
  private readonly hanging = new Set<Socket>();
  private broken: Break | undefined;
  private met = 0;

  /** @param upstream where the engine listens */
  async listen(host: string, port: number, upstream: Upstream): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.accept(client, upstream, port);
    });
    server.listen(port, host);
    await once(server, 'listening');
    this.servers.push(server);
  }

  /** Breaks what is there and what comes, until it is mended. */
  break(wanted: Break): void {
    this.broken = wanted;
    const met = [...this.pairs].filter((pair) => this.meant(pair.port, pair.clientPort));
    this.met = met.length;
    for (const pair of met) this.breakOne(pair, wanted.kind);
  }

  /** Returns how many connections were broken, those that began meanwhile included. */
  mend(): number {
    this.broken = undefined;
    for (const release of this.held) release();
    this.held.clear();
    return this.met;
  }

  close(): void {
    this.mend();
    for (const server of this.servers) server.close();
    for (const { client, server } of this.pairs) for (const socket of [client, server]) socket.destroy();
    for (const socket of this.hanging) socket.destroy();
  }

  private meant(port: number, clientPort: number): boolean {
    return this.broken?.ports.includes(port) === true && this.broken.from(clientPort);
  }

  private accept(client: Socket, upstream: Upstream, port: number): void {
    const clientPort = client.remotePort ?? 0;
    // Its end is told by close; an error without a listener would end this process.
    client.on('error', () => undefined);
    const kind = this.meant(port, clientPort) ? this.broken?.kind : undefined;
    if (kind !== undefined) this.met += 1;
    if (kind === 'cut') client.resetAndDestroy();
    else if (kind === 'half-open') this.hang(client);
    else if (kind === 'silent') {
      client.pause();
      this.held.add(() => {
        this.join(client, upstream, port, clientPort);
      });
    } else this.join(client, upstream, port, clientPort);
  }

  private join(client: Socket, upstream: Upstream, port: number, clientPort: number): void {
    if (client.destroyed) return;
    const server = connect({ ...upstream, allowHalfOpen: true, noDelay: true });
    const pair = { client, server, port, clientPort };
    this.pairs.add(pair);
    server.on('error', () => undefined);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.pipe(other);
      one.on('close', (failed: boolean) => {
        this.pairs.delete(pair);
        // An engine that is not there refuses, and one that was killed resets: so does its proxy.
        if (failed) other.resetAndDestroy();
        else other.destroySoon();
      });
    }
  }

  private breakOne(pair: Pair, kind: BreakKind): void {
    const { client, server } = pair;
    if (kind === 'cut') for (const socket of [client, server]) socket.resetAndDestroy();
    else {
      client.unpipe(server);
      server.unpipe(client);
      if (kind === 'half-open') {
        this.pairs.delete(pair);
        server.removeAllListeners('close').resetAndDestroy();
        this.hang(client);
      } else {
        for (const socket of [client, server]) socket.pause();
        this.held.add(() => {
          client.pipe(server);
          server.pipe(client);
        });
      }
    }
  }

  /** Takes what comes, as a network does that loses it later, and never answers. */
  private hang(client: Socket): void {
    this.hanging.add(client);
    client.on('close', () => this.hanging.delete(client));
    client.on('end', () => client.destroy());
    client.resume();
  }
}
