import type { Catalog, RestCatalog } from './catalog.ts';

/** The options of Apache Iceberg's own library, which the sink and Spark have in common. No secret is among them. */
export function icebergOptions(catalog: Catalog): Record<string, string> {
  return { ...catalogOptions(catalog), ...storageOptions(catalog) };
}

function catalogOptions(catalog: Catalog): Record<string, string> {
  if (catalog.kind === 'glue') {
    const endpoint = catalog.glueEndpoint;
    return {
      type: 'glue',
      warehouse: catalog.location,
      ...(endpoint === undefined ? {} : { 'glue.endpoint': endpoint }),
    };
  }
  if (catalog.kind === 's3tables') {
    return { type: 'rest', uri: catalog.uri, warehouse: catalog.arn, ...signed('s3tables', catalog.region) };
  }
  return { type: 'rest', uri: catalog.uri, warehouse: catalog.warehouse, ...login(catalog) };
}

function login({ auth, region, keys }: RestCatalog): Record<string, string> {
  if (auth.kind === 'sigv4') return signed(auth.signingName, region);
  return {
    'rest.auth.type': auth.kind,
    ...(auth.kind === 'oauth2' ? { 'oauth2-server-uri': auth.tokens } : {}),
    ...(auth.kind === 'oauth2' && auth.scope !== undefined ? { scope: auth.scope } : {}),
    // Without keys of one's own the catalog lends some for each table.
    ...(keys ? {} : { 'header.X-Iceberg-Access-Delegation': 'vended-credentials' }),
  };
}

const signed = (name: string, region: string): Record<string, string> => ({
  'rest.auth.type': 'sigv4',
  'rest.signing-name': name,
  'rest.signing-region': region,
});

function storageOptions({ region, s3Endpoint }: Catalog): Record<string, string> {
  return {
    'io-impl': 'org.apache.iceberg.aws.s3.S3FileIO',
    'client.region': region,
    ...(s3Endpoint === undefined ? {} : { 's3.endpoint': s3Endpoint, 's3.path-style-access': 'true' }),
  };
}
