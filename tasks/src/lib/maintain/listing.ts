import { RatehouseError } from '../error.ts';
import type { StoredFile } from './stored.ts';

export interface ListingPage {
  readonly files: readonly StoredFile[];
  /** Asks for the next page. */
  readonly next: string | undefined;
}

/**
 * Iceberg's own names hold nothing else. A key that XML or a URL could spell in two ways might not be recognised as a file of the
 * table, and would be taken for one that nobody needs.
 */
const PLAIN = /^[A-Za-z0-9._=/-]+$/;

/**
 * A page of S3's ListObjectsV2 (XML).
 * @throws RATEHOUSE_BAD_DATA when it is none, or names a file that cannot be told from another with certainty
 */
export function parseListing(xml: string): ListingPage {
  if (!/<ListBucketResult[ >]/.test(xml)) throw bad(`it begins with ${xml.slice(0, 200)}`);
  const files = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, text = '']) => {
    const [key, bytes, modified] = [tag(text, 'Key'), Number(tag(text, 'Size')), Date.parse(tag(text, 'LastModified'))];
    if (!PLAIN.test(key)) throw bad(`the name of a file, ${key}, has characters that Iceberg's names do not have`);
    if (!Number.isSafeInteger(bytes) || Number.isNaN(modified)) throw bad(`${key} has no size or no time`);
    return { key, bytes, modified };
  });
  if (/<IsTruncated>true</.test(xml)) {
    const next = tag(xml, 'NextContinuationToken');
    if (!PLAIN.test(next) && /[&<>]/.test(next)) throw bad('its continuation token is escaped');
    return { files, next };
  }
  return { files, next: undefined };
}

function tag(text: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  if (found === undefined) throw bad(`it has no ${name}`);
  return found;
}

const bad = (why: string): RatehouseError =>
  new RatehouseError(
    'RATEHOUSE_BAD_DATA',
    `The storage's list of files cannot be relied on: ${why}. Nothing was removed.`,
  );
