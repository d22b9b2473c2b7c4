import { maven, pypi } from './package.ts';

/** What more than one engine or task uses, and what tasks use that is no engine of its own. */

/** Spark runs as a process for each task, so it is no engine: a Python environment and the jars beside it. */
export const sparkPackage = pypi('spark', ['pyspark==4.1.4']);
export const sparkJars = maven(
  'spark-iceberg',
  ['org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0', 'org.apache.iceberg:iceberg-aws-bundle:1.12.0'],
  { transitive: false },
);

export const dbtPackage = pypi('dbt', ['dbt-core==1.11.16', 'dbt-clickhouse==1.10.3']);

/** The oracle of the indicators; tests alone use it. */
export const talibPackage = pypi('talib', ['TA-Lib', 'numpy']);

export const trinoPackage = maven('trino', ['io.trino:trino-server:476:tar.gz'], {
  transitive: false,
  unpack: true,
  prune: { folder: 'trino-server-476/plugin', keep: ['clickhouse', 'iceberg'] },
});

export const airflowPackage = pypi('airflow', ['apache-airflow==3.3.2', 'apache-airflow-providers-cncf-kubernetes']);

/** The Apache Iceberg sink of Kafka Connect, with what it needs to write Parquet to S3. */
export const icebergSinkPackage = maven(
  'iceberg-sink',
  [
    'org.apache.iceberg:iceberg-kafka-connect:1.12.0',
    'org.apache.iceberg:iceberg-kafka-connect-events:1.12.0',
    'org.apache.iceberg:iceberg-kafka-connect-transforms:1.12.0',
    'org.apache.iceberg:iceberg-parquet:1.12.0',
    'org.apache.iceberg:iceberg-orc:1.12.0',
    'org.apache.iceberg:iceberg-aws:1.12.0',
    'org.apache.iceberg:iceberg-aws-bundle:1.12.0',
    'org.apache.hadoop:hadoop-client-api:3.4.2',
    'org.apache.hadoop:hadoop-client-runtime:3.4.2',
  ],
  { folder: 'iceberg-sink' },
);
