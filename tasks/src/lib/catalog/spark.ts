import type { Catalog } from './catalog.ts';
import { icebergOptions } from './iceberg.ts';

const PREFIX = 'spark.sql.catalog.lake';

/** Spark's catalog `lake`. Keys of the storage, where there are any, are in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY. */
export function sparkOptions(catalog: Catalog): Record<string, string> {
  // After a conflict the table has to be read anew, and a cached one is as old as the conflict.
  const options = { ...icebergOptions(catalog), 'cache-enabled': 'false' };
  return {
    [PREFIX]: 'org.apache.iceberg.spark.SparkCatalog',
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`${PREFIX}.${name}`, value])),
  };
}

/** Options whose values are secrets, by the name of the environment variable in which the launcher finds them. */
export function sparkSecrets(catalog: Catalog): Record<string, string> {
  const oauth2 = catalog.kind === 'rest' && catalog.auth.kind === 'oauth2';
  return oauth2 ? { [`${PREFIX}.credential`]: 'CATALOG_CREDENTIAL' } : {};
}
