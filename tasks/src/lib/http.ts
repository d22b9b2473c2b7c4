import { RatehouseError } from './error.ts';

export interface RequestOptions {
  readonly method?: string;
  readonly json?: unknown;
  /** A token for the header Authorization. */
  readonly bearer?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** Statuses that are answers and not failures, beside 2xx. */
  readonly also?: readonly number[];
}

export interface Reply {
  readonly status: number;
  /** The body, parsed when it is JSON; undefined when there is none. */
  readonly body: unknown;
}

/**
 * One HTTP call of JSON. Throws RATEHOUSE_UNREACHABLE when there is no answer, RATEHOUSE_REFUSED with method, address, status
 * and the start of the body otherwise: never headers or a query, which may hold secrets.
 */
export async function request(url: string, options: RequestOptions = {}): Promise<Reply> {
  const { origin, pathname } = new URL(url);
  const shown = `${options.method ?? 'GET'} ${origin}${pathname}`;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: options.method ?? 'GET',
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]),
      ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
      headers: {
        ...(options.json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(options.bearer === undefined ? {} : { Authorization: `Bearer ${options.bearer}` }),
      },
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw new RatehouseError('RATEHOUSE_UNREACHABLE', `${shown} got no answer. Is it running (npm run status)?`, {
      cause,
    });
  }
  if ((status < 200 || status > 299) && !(options.also ?? []).includes(status)) {
    throw new RatehouseError('RATEHOUSE_REFUSED', `${shown} answered ${status}: ${text.slice(0, 2000)}`);
  }
  return { status, body: parse(text) };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Some errors come as plain text or HTML.
    return text;
  }
}
