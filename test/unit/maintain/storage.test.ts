import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { describe as text } from '../../../tasks/src/lib/error.ts';
import type { StorageKeys } from '../../../tasks/src/lib/catalog/storage.ts';
import { Storage } from '../../../tasks/src/lib/maintain/storage.ts';

const SECRET = 'very-secret-key';
const location = { bucket: 'warehouse', prefix: 't/' };

describe("the storage's client", () => {
  let server: Server;
  let asked: IncomingMessage[];
  let answer: (request: IncomingMessage) => { status: number; body?: string };
  let keys: StorageKeys;
  const storage = (signal = new AbortController().signal): Storage =>
    new Storage(
      {
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        region: 'us-east-1',
        keys: () => Promise.resolve(keys),
      },
      signal,
    );

  beforeEach(async () => {
    asked = [];
    keys = { accessKeyId: 'key', secretAccessKey: SECRET };
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

  it('goes on with other keys when those that were lent have ended', async () => {
    answer = () => ({ status: 204 });
    const asking = storage();
    await asking.remove(location, 't/a');
    keys = { accessKeyId: 'lent', secretAccessKey: SECRET, sessionToken: 'of-a-session' };
    await asking.remove(location, 't/a');
    expect(asked.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).to.deep.equal([
      'key',
      'lent',
    ]);
    expect(asked[1]?.headers['x-amz-security-token']).to.equal('of-a-session');
  });

  it('says what to do when no keys are found', async () => {
    const none = new Storage(
      { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', keys: () => Promise.reject(new Error('no profile')) },
      new AbortController().signal,
    );
    const error: unknown = await none.list(location).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'RATEHOUSE_CONFIG');
    expect(text(error)).to.match(/no profile.*Set RATEHOUSE_S3_ACCESS_KEY/);
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
