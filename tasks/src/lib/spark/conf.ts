import type { Setting } from '../config.ts';

/** What the lake's catalog and storage are found by, without the secrets. */
export interface LakeConfig {
  readonly RATEHOUSE_CATALOG_URI: Setting<'RATEHOUSE_CATALOG_URI'>;
  readonly RATEHOUSE_CATALOG_WAREHOUSE: Setting<'RATEHOUSE_CATALOG_WAREHOUSE'>;
  readonly RATEHOUSE_S3_ENDPOINT: Setting<'RATEHOUSE_S3_ENDPOINT'>;
  readonly RATEHOUSE_S3_REGION: Setting<'RATEHOUSE_S3_REGION'>;
}

/** Of every engine: the catalog `lake`, and the arithmetic and time zone that the .sql files are written for. */
export function lakeConf(config: LakeConfig): Record<string, string> {
  const catalog: Record<string, string> = {
    type: 'rest',
    uri: config.RATEHOUSE_CATALOG_URI,
    warehouse: config.RATEHOUSE_CATALOG_WAREHOUSE,
    // Requests are signed with the key pair of the environment, so no secret is part of any configuration.
    'rest.auth.type': 'sigv4',
    'rest.signing-name': 's3',
    'rest.signing-region': config.RATEHOUSE_S3_REGION,
    'io-impl': 'org.apache.iceberg.aws.s3.S3FileIO',
    's3.endpoint': config.RATEHOUSE_S3_ENDPOINT,
    's3.path-style-access': 'true',
    'client.region': config.RATEHOUSE_S3_REGION,
    // After a conflict the table has to be read anew, and a cached one is as old as the conflict.
    'cache-enabled': 'false',
  };
  return {
    'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    'spark.sql.catalog.lake': 'org.apache.iceberg.spark.SparkCatalog',
    ...Object.fromEntries(Object.entries(catalog).map(([key, value]) => [`spark.sql.catalog.lake.${key}`, value])),
    'spark.sql.session.timeZone': 'UTC',
    // A number that does not fit is an error, never a rounded one and never null.
    'spark.sql.ansi.enabled': 'true',
    'spark.sql.decimalOperations.allowPrecisionLoss': 'false',
  };
}

/** Of Spark in one process of this machine: two cores, loopback alone, and nothing left outside `folder`. */
export function localConf(jars: string, folder: string): Record<string, string> {
  return {
    'spark.master': 'local[2]',
    'spark.driver.memory': '1g',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.extraClassPath': `${jars}/*`,
    'spark.driver.extraJavaOptions': `-Djava.io.tmpdir=${folder} -Duser.timezone=UTC`,
    'spark.sql.warehouse.dir': `${folder}/warehouse`,
    'spark.sql.catalogImplementation': 'in-memory',
    // The data of a run is small: more partitions are more tasks that do nothing, and more small files.
    'spark.sql.shuffle.partitions': '4',
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
  };
}
