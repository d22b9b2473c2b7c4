import { readCatalog, type CatalogSettings } from '../../../tasks/src/lib/catalog/settings.ts';

export const SECRETS = ['the-secret-key', 'the-client-secret'] as const;
const KEYS = { RATEHOUSE_S3_ACCESS_KEY: 'the-access-key', RATEHOUSE_S3_SECRET_KEY: SECRETS[0] };
const HERE = { RATEHOUSE_S3_ENDPOINT: 'http://127.0.0.1:16', RATEHOUSE_S3_REGION: 'us-east-1' };
const ARN = 'arn:aws:s3tables:eu-central-1:123456789012:bucket/rates';

/** The environment of each kind of catalog: as the embedded stack gives it, and as production does. */
export const environments = {
  /** SeaweedFS. */
  rest: { RATEHOUSE_CATALOG_URI: 'http://127.0.0.1:18', RATEHOUSE_CATALOG_WAREHOUSE: 'warehouse', ...HERE, ...KEYS },
  /** Polaris on AWS, which lends the keys of the storage. */
  oauth2: {
    RATEHOUSE_CATALOG: 'rest',
    RATEHOUSE_CATALOG_AUTH: 'oauth2',
    RATEHOUSE_CATALOG_URI: 'https://polaris.example/api/catalog',
    RATEHOUSE_CATALOG_WAREHOUSE: 'rates',
    RATEHOUSE_CATALOG_CREDENTIAL: `the-client:${SECRETS[1]}`,
    RATEHOUSE_CATALOG_SCOPE: 'PRINCIPAL_ROLE:lake',
    RATEHOUSE_S3_REGION: 'eu-central-1',
  },
  /** Nessie or Lakekeeper without a login. */
  none: {
    RATEHOUSE_CATALOG: 'rest',
    RATEHOUSE_CATALOG_AUTH: 'none',
    RATEHOUSE_CATALOG_URI: 'http://127.0.0.1:19120/iceberg',
    RATEHOUSE_CATALOG_WAREHOUSE: 'rates',
    ...HERE,
    ...KEYS,
  },
  /** moto and SeaweedFS. */
  glue: {
    RATEHOUSE_CATALOG: 'glue',
    RATEHOUSE_CATALOG_WAREHOUSE: 's3://lake/glue',
    RATEHOUSE_GLUE_ENDPOINT: 'http://127.0.0.1:21',
    ...HERE,
    ...KEYS,
  },
  glueOnAws: {
    RATEHOUSE_CATALOG: 'glue',
    RATEHOUSE_CATALOG_WAREHOUSE: 's3://rates-lake/tables/',
    RATEHOUSE_S3_REGION: 'eu-central-1',
  },
  /** SeaweedFS in the shape of S3 Tables. */
  s3tables: {
    RATEHOUSE_CATALOG: 's3tables',
    RATEHOUSE_CATALOG_URI: 'http://127.0.0.1:18',
    RATEHOUSE_CATALOG_WAREHOUSE: 'arn:aws:s3tables:us-east-1:000000000000:bucket/warehouse',
    ...HERE,
    ...KEYS,
  },
  s3tablesOnAws: {
    RATEHOUSE_CATALOG: 's3tables',
    RATEHOUSE_CATALOG_WAREHOUSE: ARN,
    RATEHOUSE_S3_REGION: 'eu-central-1',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
export type Profile = keyof typeof environments;

export const PROFILES = Object.keys(environments) as Profile[];
export const profile = (name: Profile): CatalogSettings => readCatalog(environments[name]);
