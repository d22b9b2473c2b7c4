import { AwsClient } from 'aws4fetch';
import type { Setting } from '../config.ts';
import { RatehouseError } from '../error.ts';
import { parseListing } from './listing.ts';
import type { Location, StoredFile } from './stored.ts';

export interface StorageConfig {
  readonly RATEHOUSE_S3_ENDPOINT: Setting<'RATEHOUSE_S3_ENDPOINT'>;
  readonly RATEHOUSE_S3_REGION: Setting<'RATEHOUSE_S3_REGION'>;
  readonly RATEHOUSE_S3_ACCESS_KEY: Setting<'RATEHOUSE_S3_ACCESS_KEY'>;
  readonly RATEHOUSE_S3_SECRET_KEY: Setting<'RATEHOUSE_S3_SECRET_KEY'>;
}

const TIMEOUT_MS = 30_000;

/** The files of the lake's tables in S3. Its errors hold method, address and answer, never a header: those are signed. */
export class Storage {
  private readonly client: AwsClient;
  private readonly endpoint: string;
  private readonly signal: AbortSignal;

  constructor(config: StorageConfig, signal: AbortSignal) {
    this.endpoint = config.RATEHOUSE_S3_ENDPOINT;
    this.signal = signal;
    this.client = new AwsClient({
      accessKeyId: config.RATEHOUSE_S3_ACCESS_KEY,
      secretAccessKey: config.RATEHOUSE_S3_SECRET_KEY,
      region: config.RATEHOUSE_S3_REGION,
      service: 's3',
      // Of answers 429 and 5xx, with growing pauses.
      retries: 4,
    });
  }

  /** All files of a table, as the storage holds them now. */
  async list({ bucket, prefix }: Location): Promise<readonly StoredFile[]> {
    const files: StoredFile[] = [];
    let next: string | undefined;
    do {
      const query = new URLSearchParams({ 'list-type': '2', prefix });
      if (next !== undefined) query.set('continuation-token', next);
      const page = parseListing(await this.ask('GET', `/${bucket}`, query));
      files.push(...page.files);
      next = page.next;
    } while (next !== undefined);
    return files;
  }

  /** Removes a file; one that is gone already is no failure. */
  async remove({ bucket }: Location, key: string): Promise<void> {
    await this.ask('DELETE', `/${bucket}/${key}`);
  }

  private async ask(method: string, path: string, query?: URLSearchParams): Promise<string> {
    const shown = `${method} ${this.endpoint}${path}`;
    let status: number;
    let text: string;
    try {
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const url = `${this.endpoint}${path}${query === undefined ? '' : `?${query.toString()}`}`;
      const response = await this.client.fetch(url, { method, signal });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      if (this.signal.aborted) throw this.signal.reason;
      throw new RatehouseError('RATEHOUSE_UNREACHABLE', `${shown} got no answer. Is the storage running?`, { cause });
    }
    if (status === 404 && method === 'DELETE') return '';
    if (status < 200 || status > 299)
      throw new RatehouseError('RATEHOUSE_REFUSED', `${shown} answered ${status}: ${text.slice(0, 500)}`);
    return text;
  }
}
