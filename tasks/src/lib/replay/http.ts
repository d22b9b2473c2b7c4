import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../command.ts';
import { RatehouseError, describe } from '../error.ts';
import { type Fault, parseFault } from './faults.ts';
import { page } from './page.ts';

const MOST_BYTES = 64 * 1024;

export interface HttpSetup {
  readonly token: string;
  health(): Readonly<Record<string, Json>>;
  request(fault: Fault): void;
}

/** Equal or not, in a time that does not tell how much of it was right. */
export function sameSecret(wanted: string, found: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(wanted), digest(found));
}

/** GET / and /health, and POST /faults for who brings the token. */
export async function answer(request: IncomingMessage, response: ServerResponse, setup: HttpSetup): Promise<void> {
  const path = (request.url ?? '/').replace(/\?.*/s, '');
  const json = (status: number, body: Json): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  };
  const asked = `${request.method ?? ''} ${path}`;
  if (asked === 'GET /health') json(200, setup.health());
  else if (asked === 'GET /') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(setup.health()));
  } else if (asked !== 'POST /faults') json(404, { error: 'There are GET /, GET /health and POST /faults.' });
  else if (!sameSecret(`Bearer ${setup.token}`, request.headers.authorization ?? '')) {
    json(401, { error: 'POST /faults wants the feed token in the header Authorization: Bearer.' });
  } else {
    try {
      const fault = parseFault(await body(request));
      setup.request(fault);
      json(202, { fault: fault.fault, after: fault.after ?? 0 });
    } catch (error) {
      if (!(error instanceof RatehouseError)) throw error;
      json(400, { error: error.message });
    }
  }
}

async function body(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new RatehouseError('RATEHOUSE_USAGE', `A fault takes up to ${MOST_BYTES} bytes.`);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new RatehouseError('RATEHOUSE_USAGE', `The body is no JSON: ${describe(error)}.`, { cause: error });
  }
}
