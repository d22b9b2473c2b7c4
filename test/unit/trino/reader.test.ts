import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { Trino } from '../../../tasks/src/lib/trino.ts';

type Page = Readonly<Record<string, unknown>> | 'cut';

const COLUMNS = [{ name: 'n', type: 'bigint' }];
const FINISHED = { stats: { state: 'FINISHED' } };
const RUNNING = { stats: { state: 'RUNNING' } };

/** What the real server answers in these cases cannot be brought about at will: its pages are replayed. */
describe('the reader of Trino', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratehouse-trino-'));
  const file = join(folder, 'query.sql');
  let server: Server;
  let pages: readonly Page[] = [];
  const cancelled: string[] = [];

  before(async () => {
    writeFileSync(file, 'SELECT n FROM t');
    server = createServer((request, response) => {
      if (request.method === 'DELETE') {
        cancelled.push(request.url ?? '');
        response.writeHead(204).end();
        return;
      }
      const index = request.method === 'POST' ? 0 : Number(request.url?.slice(1));
      const page = pages[index];
      if (page === undefined || page === 'cut') {
        request.socket.destroy();
        return;
      }
      const next = index + 1 < pages.length ? { nextUri: `${url()}/${index + 1}` } : {};
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ id: 'q1', ...next, ...page }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function read(...given: Page[]): Promise<number[]> {
    pages = given;
    const rows: number[] = [];
    const trino = new Trino({ RATEHOUSE_TRINO_URL: url() });
    for await (const { n } of trino.queryFile(file, z.object({ n: z.number() }))) rows.push(n);
    return rows;
  }

  async function failure(...given: Page[]): Promise<RatehouseError> {
    try {
      await read(...given);
    } catch (error) {
      expect(error).to.be.instanceOf(RatehouseError);
      return error as RatehouseError;
    }
    throw new Error('nothing was thrown');
  }

  it('gives the rows of all pages', async () => {
    const page = (n: number): Page => ({ ...RUNNING, columns: COLUMNS, data: [[n]] });
    expect(await read(RUNNING, page(1), RUNNING, page(2), FINISHED)).to.deep.equal([1, 2]);
  });

  it('gives the rows of the last page too', async () => {
    expect(await read(RUNNING, { ...FINISHED, columns: COLUMNS, data: [[3]] })).to.deep.equal([3]);
  });

  it('does not take a query that failed in its first reply for an empty one', async () => {
    const error = { errorName: 'SYNTAX_ERROR', message: 'mismatched input' };
    expect((await failure({ stats: { state: 'FAILED' }, error })).message).to.include('SYNTAX_ERROR: mismatched input');
  });

  it('does not take a query that failed after some rows for a short one', async () => {
    const error = { errorName: 'EXCEEDED_MEMORY', message: 'too much' };
    const rows = { ...RUNNING, columns: COLUMNS, data: [[1]] };
    const thrown = await failure(RUNNING, rows, { stats: { state: 'FAILED' }, error });
    expect(thrown.code).to.equal('RATEHOUSE_REFUSED');
    expect(thrown.message).to.include('EXCEEDED_MEMORY');
  });

  it('does not take a query that ended in any other state than FINISHED for answered', async () => {
    expect((await failure(RUNNING, RUNNING)).message).to.include('ended as RUNNING');
  });

  it('says where it looked when the server is gone in the middle', async () => {
    const thrown = await failure(RUNNING, 'cut');
    expect(thrown.code).to.equal('RATEHOUSE_UNREACHABLE');
    expect(thrown.message).to.include('RATEHOUSE_TRINO_URL');
  });

  it('cancels a query whose reader leaves early', async () => {
    pages = [RUNNING, { ...RUNNING, columns: COLUMNS, data: [[1], [2]] }, RUNNING];
    cancelled.length = 0;
    const trino = new Trino({ RATEHOUSE_TRINO_URL: url() });
    for await (const { n } of trino.queryFile(file, z.object({ n: z.number() }))) {
      expect(n).to.equal(1);
      break;
    }
    expect(cancelled).to.deep.equal(['/v1/query/q1']);
  });

  it('cancels a query that has no row yet when a signal stops it', async () => {
    // Page 1 leads to itself: a query at work, as long as one asks.
    pages = [RUNNING, { ...RUNNING, nextUri: `${url()}/1` }, FINISHED];
    cancelled.length = 0;
    const stop = new AbortController();
    const trino = new Trino({ RATEHOUSE_TRINO_URL: url() }, stop.signal);
    const running = trino.execute('SELECT n FROM t', {}, 'a long query');
    setTimeout(() => {
      stop.abort(new RatehouseError('RATEHOUSE_CANCELLED', 'Stopped by SIGTERM.'));
    }, 100);
    const thrown = await running.catch((error: unknown) => error);
    // The answers of a query at work end with it.
    pages = [FINISHED, FINISHED];
    expect(thrown).to.have.property('code', 'RATEHOUSE_CANCELLED');
    expect(cancelled).to.deep.equal(['/v1/query/q1']);
  });

  it('refuses a bigint whose digits JSON has lost', async () => {
    const rows = { ...FINISHED, columns: COLUMNS, data: [[2 ** 53 + 2]] };
    expect((await failure(RUNNING, rows)).message).to.include('cast it to varchar');
  });
});
