import type { Catalog } from '../catalog/catalog.ts';
import { sparkOptions } from '../catalog/spark.ts';

/** Of every engine: the catalog `lake`, and the arithmetic and time zone that the .sql files are written for. No secret is part of it. */
export function lakeConf(catalog: Catalog): Record<string, string> {
  return {
    'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    ...sparkOptions(catalog),
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
