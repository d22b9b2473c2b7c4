import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { CatalogSettings } from './settings.ts';

/** Keys for one request; a session token where they are lent. */
export interface StorageKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Where the tasks themselves find the lake's files. */
export interface LakeStorage {
  /** Without a slash at its end; buckets are the first part of the path. */
  readonly endpoint: string;
  readonly region: string;
  /** Asked for again at each request: those that are lent end. */
  readonly keys: () => Promise<StorageKeys>;
}

/**
 * With the key pair that is set, or else what AWS's own chain finds: environment, profile, web identity, container, instance.
 * The chain is asked when a request is made, not before.
 */
export function lakeStorage({ catalog, secrets }: CatalogSettings): LakeStorage {
  const { region, s3Endpoint } = catalog;
  const { storage } = secrets;
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const given = storage && { accessKeyId: storage.accessKey, secretAccessKey: storage.secretKey };
  return {
    endpoint: s3Endpoint ?? `https://s3.${region}.${domain}`,
    region,
    keys: given === undefined ? defaultProvider({ clientConfig: { region } }) : () => Promise.resolve(given),
  };
}
