import type { Catalog } from './catalog.ts';
import { icebergOptions } from './iceberg.ts';

/**
 * The catalog's part of the Iceberg sink's configuration. Secrets are named, for Connect's config provider to find.
 * @param secretsFile on Connect's side: a properties file with s3.access-key, s3.secret-key and catalog.credential, as far as they are used
 */
export function sinkOptions(catalog: Catalog, secretsFile: string): Record<string, string> {
  const options = { ...icebergOptions(catalog), ...secretOptions(catalog, (key) => `\${file:${secretsFile}:${key}}`) };
  return {
    'iceberg.catalog': 'lake',
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`iceberg.catalog.${name}`, value])),
  };
}

function secretOptions(catalog: Catalog, secret: (key: string) => string): Record<string, string> {
  // Glue's client takes no keys as options, only from where AWS's SDK looks: the worker's environment. S3's does the same then.
  if (catalog.kind === 'glue') return {};
  const pair = (prefix: string): Record<string, string> => ({
    [`${prefix}.access-key-id`]: secret('s3.access-key'),
    [`${prefix}.secret-access-key`]: secret('s3.secret-key'),
  });
  const signs = catalog.kind === 's3tables' || catalog.auth.kind === 'sigv4';
  return {
    ...(catalog.keys ? pair('s3') : {}),
    ...(catalog.keys && signs ? pair('rest') : {}),
    ...(catalog.kind === 'rest' && catalog.auth.kind === 'oauth2' ? { credential: secret('catalog.credential') } : {}),
  };
}
