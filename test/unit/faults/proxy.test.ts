import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Proxy, type BreakKind } from '../../support/faults/proxy.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';

const HOST = '127.0.0.2';

/** A server that says back what it is told, behind a proxy. */
describe('the proxy between two engines', () => {
  let echo: Server;
  let proxy: Proxy;
  let port: number;
  const accepted: Socket[] = [];

  beforeEach(async () => {
    echo = createServer((socket) => {
      accepted.push(socket);
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    port = (echo.address() as AddressInfo).port;
    proxy = new Proxy();
    await proxy.listen(HOST, port, { host: '127.0.0.1', port });
  });

  afterEach(() => {
    proxy.close();
    for (const socket of accepted.splice(0)) socket.destroy();
    echo.close();
  });

  /** A client, with what it was told and whether its connection is over. */
  async function client(): Promise<{ socket: Socket; heard: () => string; over: () => boolean }> {
    const socket = connect({ host: HOST, port });
    let heard = '';
    let over = false;
    socket.on('error', () => undefined);
    socket.on('close', () => (over = true));
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    await once(socket, 'connect');
    return { socket, heard: () => heard, over: () => over };
  }

  const until = (what: string, ask: () => boolean): Promise<boolean> =>
    waitFor(() => Promise.resolve(ask()), { what, timeoutMs: 5000, intervalMs: 5 });
  const breakAll = (kind: BreakKind): void => {
    proxy.break({ kind, ports: [port], from: () => true });
  };

  it('passes all on, in both directions, and the end too', async () => {
    const { socket, heard, over } = await client();
    const text = 'trade '.repeat(100_000);
    socket.end(text);
    await until('the end', over);
    expect(heard()).to.equal(text);
  });

  it('resets what is cut, and who comes while it is', async () => {
    const one = await client();
    one.socket.write('before');
    await until('the answer', () => one.heard() === 'before');
    breakAll('cut');
    await until('the reset', one.over);
    // Whether it is told before or after it is connected is the kernel's affair.
    const two = connect({ host: HOST, port });
    two.on('error', () => undefined);
    await new Promise((resolve) => two.on('close', resolve));
    expect(proxy.mend()).to.equal(2);
    const three = await client();
    three.socket.write('after');
    await until('the answer after it', () => three.heard() === 'after');
  });

  it('holds back what is silent, and gives all of it when it is mended', async () => {
    const one = await client();
    one.socket.write('a');
    await until('the answer', () => one.heard() === 'a');
    breakAll('silent');
    one.socket.write('b');
    const two = await client();
    two.socket.write('c');
    const other = connect({ host: '127.0.0.1', port });
    other.setEncoding('utf8').write('d');
    // The server itself answers meanwhile: what was held back would have come.
    await once(other, 'data');
    other.destroy();
    expect([one.heard(), two.heard(), one.over(), two.over()]).to.deep.equal(['a', '', false, false]);
    proxy.mend();
    await until('what was held back', () => one.heard() === 'ab' && two.heard() === 'c');
  });

  it('leaves the client of a half-open connection without a word, also when it is mended', async () => {
    const one = await client();
    one.socket.write('a');
    await until('the answer', () => one.heard() === 'a');
    breakAll('half-open');
    await until("the server's end", () => accepted[0]?.destroyed === true);
    proxy.mend();
    one.socket.write('b');
    const two = await client();
    two.socket.write('c');
    await until('the answer to a new one', () => two.heard() === 'c');
    expect([one.heard(), one.over()]).to.deep.equal(['a', false]);
    one.socket.destroy();
  });

  it('breaks those alone that are meant', async () => {
    const [one, two] = [await client(), await client()];
    const meant = one.socket.localPort;
    proxy.break({ kind: 'cut', ports: [port], from: (local) => local === meant });
    await until('the reset', one.over);
    two.socket.write('a');
    await until('the answer', () => two.heard() === 'a');
  });
});
