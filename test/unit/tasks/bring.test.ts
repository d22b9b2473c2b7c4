import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Log } from '../../../tasks/src/lib/log.ts';
import { bring } from '../../../tasks/src/lib/stream/bring.ts';
import { ConnectClient } from '../../../tasks/src/lib/stream/connect.ts';

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('bringing a connector up', () => {
  let server: Server;
  let stored: Record<string, string> | undefined;
  /** What the next changes are answered with; then they are taken. */
  let refusals: { code: number; message: string }[];
  let changes: number;
  let task: string;

  beforeEach(async () => {
    stored = undefined;
    refusals = [];
    changes = 0;
    task = 'RUNNING';
    server = createServer((request, response) => {
      const answer = (code: number, body: unknown): void => {
        response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      };
      if (request.method !== 'PUT') {
        if (stored === undefined) answer(404, { message: 'not found' });
        else if (request.url === '/connectors/x/config') answer(200, stored);
        else answer(200, { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: task, trace: 'no token' }] });
        return;
      }
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        changes++;
        const refusal = refusals.shift();
        if (refusal !== undefined) {
          answer(refusal.code, { message: refusal.message });
          return;
        }
        stored = JSON.parse(text) as Record<string, string>;
        answer(200, {});
      });
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const bringIt = (wanted: Record<string, string>): ReturnType<typeof bring> => {
    const { signal } = new AbortController();
    const { port } = server.address() as AddressInfo;
    return bring(new ConnectClient(`http://127.0.0.1:${port}`, signal), 'x', wanted, { log: quiet, signal });
  };

  const failure = async (wanted: Record<string, string>): Promise<string> => {
    try {
      await bringIt(wanted);
    } catch (error) {
      return String(error);
    }
    return 'none';
  };

  it('creates it, leaves it alone when it is right, and changes it when it is not', async () => {
    expect(await bringIt({ a: '1' })).to.equal('created');
    expect(await bringIt({ a: '1' })).to.equal('unchanged');
    expect(await bringIt({ a: '2' })).to.equal('changed');
    expect(changes).to.equal(2);
  });

  it('asks again while the workers are rebalancing', async () => {
    refusals = [{ code: 409, message: 'rebalancing' }];
    expect(await bringIt({ a: '1' })).to.equal('created');
    expect(changes).to.equal(2);
  });

  it('tells at once why a configuration is refused, for it would be so again', async () => {
    refusals = [{ code: 400, message: 'errors.tolerance must not be all' }];
    expect(await failure({ a: '1' })).to.include('refused the connector x: errors.tolerance must not be all');
    expect(changes).to.equal(1);
  });

  it('tells at once why a task failed', async () => {
    task = 'FAILED';
    expect(await failure({ a: '1' })).to.include('Connector x failed: no token');
  });
});
