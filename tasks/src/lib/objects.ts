import { AwsClient } from 'aws4fetch';
import type { LakeStorage } from './catalog/storage.ts';
import { RatehouseError } from './error.ts';

/** What was read, and the tag by which a later write can tell whether it is still that. */
export interface Held {
  readonly text: string;
  readonly tag: string;
}

/** Small texts by key, each written whole or not at all. */
export interface Objects {
  /** Undefined when there is none. */
  get(key: string): Promise<Held | undefined>;
  /**
   * Writes a text where the object is still what was read: `over` its tag, or undefined when there was none.
   * @returns its new tag; undefined when another had written meanwhile, and nothing was written
   */
  put(key: string, text: string, over: string | undefined): Promise<string | undefined>;
}

const TIMEOUT_MS = 30_000;

/** In a bucket of S3, by its conditional writes. Errors hold method, address and answer, never a header: those are signed. */
export class S3Objects implements Objects {
  /** @param place `bucket/prefix` */
  constructor(
    private readonly lake: LakeStorage,
    private readonly place: string,
    private readonly signal: AbortSignal,
  ) {}

  async get(key: string): Promise<Held | undefined> {
    const { response, text } = await this.ask('GET', key, {}, [404]);
    return response.status === 404 ? undefined : { text, tag: tagOf(response, key) };
  }

  async put(key: string, text: string, over: string | undefined): Promise<string | undefined> {
    const condition: Record<string, string> = over === undefined ? { 'If-None-Match': '*' } : { 'If-Match': over };
    // 409: two conditional writes at once. 404: what was to be overwritten is gone.
    const { response } = await this.ask('PUT', key, condition, [412, 409, 404], text);
    return response.ok ? tagOf(response, key) : undefined;
  }

  private async ask(
    method: string,
    key: string,
    headers: Record<string, string>,
    also: readonly number[],
    body?: string,
  ): Promise<{ response: Response; text: string }> {
    const url = `${this.lake.endpoint}/${this.place}/${key}`;
    let response: Response;
    let text: string;
    try {
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const client = new AwsClient({ ...(await this.keys()), region: this.lake.region, service: 's3', retries: 4 });
      response = await client.fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
      text = await response.text();
    } catch (cause) {
      if (this.signal.aborted) throw this.signal.reason;
      throw new RatehouseError('RATEHOUSE_UNREACHABLE', `${method} ${url} got no answer. Is the storage running?`, {
        cause,
      });
    }
    if (!response.ok && !also.includes(response.status))
      throw new RatehouseError(
        'RATEHOUSE_REFUSED',
        `${method} ${url} answered ${response.status}: ${text.slice(0, 500)}`,
      );
    return { response, text };
  }

  private async keys(): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }> {
    const { sessionToken, ...pair } = await this.lake.keys();
    return sessionToken === undefined ? pair : { ...pair, sessionToken };
  }
}

function tagOf(response: Response, key: string): string {
  const tag = response.headers.get('etag');
  if (tag === null)
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `The storage gave no ETag for ${key}: writes cannot be guarded.`);
  return tag;
}
