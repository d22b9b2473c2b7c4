import type { Catalog, CatalogSecrets } from './catalog.ts';

/** Of Trino's catalog `lake`. Secrets are named, for Trino to find them in its environment (trinoEnvironment). */
export function trinoProperties(catalog: Catalog): Record<string, string> {
  return {
    'connector.name': 'iceberg',
    ...(catalog.kind === 'glue' ? glue(catalog) : rest(catalog)),
    // Another table of the same name never meets the files of the first.
    'iceberg.unique-table-location': 'true',
    'iceberg.register-table-procedure.enabled': 'false',
    'iceberg.allowed-extra-properties': 'write.delete.mode,write.merge.mode,write.update.mode',
    // maintain-lake says itself what is needed no more.
    'iceberg.expire-snapshots.min-retention': '0s',
    ...storage(catalog),
  };
}

/** The text of the file etc/catalog/lake.properties. */
export const trinoFile = (catalog: Catalog): string =>
  Object.entries(trinoProperties(catalog))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** The environment variables that the file names. */
export function trinoEnvironment({ storage: keys, credential }: CatalogSecrets): Record<string, string> {
  return {
    ...(keys === undefined ? {} : { S3_ACCESS_KEY: keys.accessKey, S3_SECRET_KEY: keys.secretKey }),
    ...(credential === undefined ? {} : { CATALOG_CREDENTIAL: credential }),
  };
}

const ACCESS_KEY = '${ENV:S3_ACCESS_KEY}';
const SECRET_KEY = '${ENV:S3_SECRET_KEY}';

function glue(catalog: Extract<Catalog, { kind: 'glue' }>): Record<string, string> {
  const { region, location, glueEndpoint, keys } = catalog;
  return {
    'iceberg.catalog.type': 'glue',
    'hive.metastore.glue.region': region,
    'hive.metastore.glue.default-warehouse-dir': location,
    ...(glueEndpoint === undefined ? {} : { 'hive.metastore.glue.endpoint-url': glueEndpoint }),
    ...(keys
      ? { 'hive.metastore.glue.aws-access-key': ACCESS_KEY, 'hive.metastore.glue.aws-secret-key': SECRET_KEY }
      : {}),
  };
}

function rest(catalog: Exclude<Catalog, { kind: 'glue' }>): Record<string, string> {
  const of = (name: string): string => `iceberg.rest-catalog.${name}`;
  const where = {
    'iceberg.catalog.type': 'rest',
    [of('uri')]: catalog.uri,
    [of('warehouse')]: catalog.kind === 's3tables' ? catalog.arn : catalog.warehouse,
  };
  // S3 Tables has no views, and answers a question for one with an error.
  if (catalog.kind === 's3tables') return { ...where, ...signed('s3tables'), [of('view-endpoints-enabled')]: 'false' };
  const { auth, keys } = catalog;
  if (auth.kind === 'sigv4') return { ...where, ...signed(auth.signingName) };
  return {
    ...where,
    ...(auth.kind === 'oauth2'
      ? {
          [of('security')]: 'OAUTH2',
          [of('oauth2.credential')]: '${ENV:CATALOG_CREDENTIAL}',
          [of('oauth2.server-uri')]: auth.tokens,
          ...(auth.scope === undefined ? {} : { [of('oauth2.scope')]: auth.scope }),
        }
      : {}),
    ...(keys ? {} : { [of('vended-credentials-enabled')]: 'true' }),
  };
}

const signed = (name: string): Record<string, string> => ({
  'iceberg.rest-catalog.sigv4-enabled': 'true',
  'iceberg.rest-catalog.signing-name': name,
});

function storage({ region, s3Endpoint, keys }: Catalog): Record<string, string> {
  return {
    'fs.native-s3.enabled': 'true',
    'fs.hadoop.enabled': 'false',
    's3.region': region,
    ...(s3Endpoint === undefined ? {} : { 's3.endpoint': s3Endpoint, 's3.path-style-access': 'true' }),
    ...(keys ? { 's3.aws-access-key': ACCESS_KEY, 's3.aws-secret-key': SECRET_KEY } : {}),
  };
}
