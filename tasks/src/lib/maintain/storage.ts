import { AwsClient } from 'aws4fetch';
import type { LakeStorage, StorageKeys } from '../catalog/storage.ts';
import { RatehouseError, describe } from '../error.ts';
import { parseListing } from './listing.ts';
import type { Location, StoredFile } from './stored.ts';

const TIMEOUT_MS = 30_000;

/** The files of the lake's tables in S3. Its errors hold method, address and answer, never a header: those are signed. */
export class Storage {
  private client: AwsClient | undefined;
  private keys: StorageKeys | undefined;

  constructor(
    private readonly lake: LakeStorage,
    private readonly signal: AbortSignal,
  ) {}

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
    const shown = `${method} ${this.lake.endpoint}${path}`;
    const client = await this.signing();
    let status: number;
    let text: string;
    try {
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const url = `${this.lake.endpoint}${path}${query === undefined ? '' : `?${query.toString()}`}`;
      const response = await client.fetch(url, { method, signal });
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

  /** A client with the keys of now. */
  private async signing(): Promise<AwsClient> {
    let keys: StorageKeys;
    try {
      keys = await this.lake.keys();
    } catch (cause) {
      throw new RatehouseError(
        'RATEHOUSE_CONFIG',
        "Wanted keys for the lake's storage, found none where AWS's SDK looks " +
          `(${describe(cause)}). Set RATEHOUSE_S3_ACCESS_KEY and RATEHOUSE_S3_SECRET_KEY, or give the task a role or a profile.`,
        { cause },
      );
    }
    if (this.client === undefined || keys.accessKeyId !== this.keys?.accessKeyId) {
      this.keys = keys;
      const { accessKeyId, secretAccessKey, sessionToken } = keys;
      this.client = new AwsClient({
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
        region: this.lake.region,
        service: 's3',
        // Of answers 429 and 5xx, with growing pauses.
        retries: 4,
      });
    }
    return this.client;
  }
}
