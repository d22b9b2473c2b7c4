import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { describe as text } from '../../../tasks/src/lib/error.ts';
import { Storage } from '../../../tasks/src/lib/maintain/storage.ts';

const SECRET = 'very-secret-key';
const location = { bucket: 'warehouse', prefix: 't/' };

describe("the storage's client", () => {
  let server: Server;
  let asked: IncomingMessage[];
  let answer: (request: IncomingMessage) => { status: number; body?: string };
  const storage = (signal = new AbortController().signal): Storage =>
    new Storage(
      {
        RATEHOUSE_S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        RATEHOUSE_S3_REGION: 'us-east-1',
        RATEHOUSE_S3_ACCESS_KEY: 'key',
        RATEHOUSE_S3_SECRET_KEY: SECRET,
      },
      signal,
    );

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      const { status, body } = answer(request);
      response.writeHead(status).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const page = (key: string, next?: string): string =>
    `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}` +
    `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-31T00:00:00Z</LastModified></Contents></ListBucketResult>`;

  it('lists all pages, and signs each request', async () => {
    answer = ({ url = '' }) => ({
      status: 200,
      body: url.includes('continuation-token=t%2Fa') ? page('t/b') : page('t/a', 't/a'),
    });
    expect((await storage().list(location)).map(({ key }) => key)).to.deep.equal(['t/a', 't/b']);
    expect(asked.map(({ url }) => url?.split('?')[0])).to.deep.equal(['/warehouse', '/warehouse']);
    for (const { headers } of asked) expect(headers.authorization).to.match(/^AWS4-HMAC-SHA256 Credential=key\//);
  });

  it('removes a file by its name, and one that is gone already is no failure', async () => {
    answer = () => ({ status: 404 });
    await storage().remove(location, 't/data/day=2026-01-31/x.parquet');
    expect([asked[0]?.method, asked[0]?.url]).to.deep.equal(['DELETE', '/warehouse/t/data/day=2026-01-31/x.parquet']);
  });

  it('asks again when the storage is busy', async () => {
    answer = () => (asked.length < 3 ? { status: 503 } : { status: 204 });
    await storage().remove(location, 't/a');
    expect(asked).to.have.length(3);
  });

  it('says what was refused, and no secret', async () => {
    answer = () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    const error: unknown = await storage()
      .remove(location, 't/a')
      .catch((e: unknown) => e);
    expect(text(error)).to.match(/DELETE http.*\/warehouse\/t\/a answered 403: .*AccessDenied/);
    expect(text(error)).not.to.include(SECRET);
  });

  it('ends at a signal', async () => {
    const stop = new AbortController();
    answer = () => ({ status: 204 });
    stop.abort(new Error('stopped'));
    const error: unknown = await storage(stop.signal)
      .remove(location, 't/a')
      .catch((e: unknown) => e);
    expect(text(error)).to.equal('stopped');
  });
});
