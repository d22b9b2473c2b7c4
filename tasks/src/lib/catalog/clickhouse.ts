import { RatehouseError } from '../error.ts';
import type { Catalog, CatalogSecrets, RestCatalog, S3TablesCatalog } from './catalog.ts';

/** How ClickHouse's database `lake` is made. */
export interface LakeDatabase {
  /** The statement, in tasks/sql/lake. */
  readonly file: string;
  /** Of the statement. Bound, so that a secret is in no text; the server masks it in its query_log. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, 1>>;
  /** What the definition of a database that was made for this very catalog says. */
  readonly says: readonly string[];
  /** The first release of ClickHouse that can read this catalog, as [year, month]. */
  readonly since: readonly [number, number];
}

/**
 * ClickHouse signs its requests for Glue and for AWS S3 Tables, and for no other catalog: at those it logs in with OAuth2, as client id
 * and secret the storage's key pair where nothing else is set, which is what SeaweedFS takes.
 * @throws RATEHOUSE_CONFIG where it has nothing to log in with
 */
export function lakeDatabase(catalog: Catalog, secrets: CatalogSecrets): LakeDatabase {
  if (catalog.kind === 'glue') {
    const { glueEndpoint = '', s3Endpoint, bucket, region } = catalog;
    const storage = s3Endpoint === undefined ? '' : `${s3Endpoint}/${bucket}`;
    return {
      file: 'database_glue.sql',
      parameters: { endpoint: glueEndpoint, region, storage, ...keyPair(secrets) },
      settings: { allow_database_glue_catalog: 1 },
      says: ["'glue'", `'${region}'`, `'${glueEndpoint}'`, `'${storage}'`],
      since: [25, 12],
    };
  }
  if (catalog.kind === 's3tables' && catalog.aws) {
    return {
      file: 'database_s3tables.sql',
      parameters: { uri: catalog.uri, region: catalog.region, warehouse: catalog.arn, ...keyPair(secrets) },
      settings: { allow_database_iceberg: 1 },
      says: ["'s3tables'", `'${catalog.arn}'`],
      since: [26, 8],
    };
  }
  return rest(catalog, secrets);
}

function rest(catalog: RestCatalog | S3TablesCatalog, secrets: CatalogSecrets): LakeDatabase {
  const warehouse = catalog.kind === 's3tables' ? catalog.arn : catalog.warehouse;
  const uri = `${catalog.uri}/v1`;
  const { storage } = secrets;
  return {
    file: storage === undefined ? 'database_rest_vended.sql' : 'database_rest.sql',
    parameters: {
      uri,
      warehouse,
      storage: catalog.s3Endpoint ?? '',
      ...login(catalog, secrets),
      ...(storage === undefined ? {} : keyPair(secrets)),
    },
    settings: { allow_database_iceberg: 1 },
    says: ["'rest'", `'${uri}'`, `'${warehouse}'`],
    since: [25, 12],
  };
}

function login(catalog: RestCatalog | S3TablesCatalog, secrets: CatalogSecrets): Record<string, string> {
  const scope = 'PRINCIPAL_ROLE:ALL';
  if (catalog.kind === 'rest' && catalog.auth.kind === 'none') return { credential: '', tokens: '', scope };
  if (catalog.kind === 'rest' && catalog.auth.kind === 'oauth2') {
    const { auth } = catalog;
    return { credential: secrets.credential ?? '', tokens: auth.tokens, scope: auth.scope ?? scope };
  }
  const { storage } = secrets;
  if (storage === undefined) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      "ClickHouse cannot sign requests to a REST catalog, and wants a key pair to log in with at the catalog's own /v1/oauth/tokens: " +
        'set RATEHOUSE_S3_ACCESS_KEY and RATEHOUSE_S3_SECRET_KEY, or RATEHOUSE_CATALOG_AUTH=oauth2. For AWS itself use glue or s3tables.',
    );
  }
  const credential = `${storage.accessKey}:${storage.secretKey}`;
  return { credential, tokens: `${catalog.uri}/v1/oauth/tokens`, scope };
}

/** Empty where there is none: the server then looks where AWS's SDK does. */
const keyPair = ({ storage }: CatalogSecrets): { access_key: string; secret_key: string } => ({
  access_key: storage?.accessKey ?? '',
  secret_key: storage?.secretKey ?? '',
});
