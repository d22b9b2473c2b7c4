import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RatehouseError } from './error.ts';

const url = z.url({ protocol: /^https?$/ }).transform((u) => u.replace(/\/$/, ''));

/** Every setting of the tasks, by the name of its environment variable. `NAME_FILE` may name a file that holds NAME's value. */
const settings = {
  RATEHOUSE_KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((s) => s.split(',')),
  RATEHOUSE_REGISTRY_URL: url,
  RATEHOUSE_CONNECT_URL: url,
  RATEHOUSE_CLICKHOUSE_URL: url,
  RATEHOUSE_CLICKHOUSE_USER: z.string().min(1),
  RATEHOUSE_CLICKHOUSE_PASSWORD: z.string().min(1),
  RATEHOUSE_FLINK_URL: url,
  RATEHOUSE_SQL_GATEWAY_URL: url,
  /** Where Flink keeps checkpoints and savepoints: a URI that job manager and task managers reach. */
  RATEHOUSE_FLINK_STATE: z.string().regex(/^[a-z0-9]+:\/\//, 'a URI such as file:///path or s3://bucket/path'),
  /** Where sync-flink remembers what it did, and keeps its lease: s3://bucket/prefix, or file:///folder on a single machine. */
  RATEHOUSE_FLINK_MEMORY: z.string().regex(/^(s3|file):\/\/.*[^/]$/, 's3://bucket/prefix or file:///folder'),
  /** The folder or URI of the functions' jar, as the SQL Gateway reads it. */
  RATEHOUSE_FLINK_FUNCTIONS: z.string().min(1),
  /** The properties file, on Connect's side, that its config provider takes secrets from. */
  RATEHOUSE_CONNECT_SECRETS: z.string().min(1),
  RATEHOUSE_FEED_TOKEN: z.string().min(1),
  RATEHOUSE_REPLAY_URL: z.url({ protocol: /^wss?$/ }),
  RATEHOUSE_TRINO_URL: url,
  /** The kind of the lake's catalog; lib/catalog/settings.ts says what each kind needs of the settings below. */
  RATEHOUSE_CATALOG: z.enum(['rest', 'glue', 's3tables']),
  /** Iceberg REST catalog, without /v1. */
  RATEHOUSE_CATALOG_URI: url,
  /** A name (rest), s3://bucket/path (glue), or the ARN of a table bucket (s3tables). */
  RATEHOUSE_CATALOG_WAREHOUSE: z.string().min(1),
  RATEHOUSE_CATALOG_AUTH: z.enum(['sigv4', 'oauth2', 'none']),
  RATEHOUSE_CATALOG_SIGNING_NAME: z.string().regex(/^[a-z0-9-]+$/, 'a service name such as s3 or glue'),
  RATEHOUSE_CATALOG_CREDENTIAL: z.string().regex(/^[^:]+:.+$/, 'client id and secret, with a colon between'),
  RATEHOUSE_CATALOG_OAUTH_URI: url,
  RATEHOUSE_CATALOG_SCOPE: z.string().min(1),
  RATEHOUSE_GLUE_ENDPOINT: url,
  RATEHOUSE_S3_ENDPOINT: url,
  RATEHOUSE_S3_REGION: z.string().min(1),
  RATEHOUSE_S3_ACCESS_KEY: z.string().min(1),
  RATEHOUSE_S3_SECRET_KEY: z.string().min(1),
  /** The Python that has pyspark, the folder of the Iceberg jars, and the JDK 17 that Spark runs on. */
  RATEHOUSE_SPARK_PYTHON: z.string().min(1),
  RATEHOUSE_SPARK_JARS: z.string().min(1),
  RATEHOUSE_SPARK_JAVA_HOME: z.string().min(1),
  /** The dbt executable. */
  RATEHOUSE_DBT: z.string().min(1),
  /** Folder for what the tasks remember between runs. */
  RATEHOUSE_STATE: z.string().min(1),
} as const;

export type SettingName = keyof typeof settings;
export type Setting<N extends SettingName> = z.output<(typeof settings)[N]>;

/**
 * Reads the named settings, or throws RATEHOUSE_CONFIG naming every one that is missing or wrong.
 * A value is never part of the message: it may be a secret.
 */
export function readConfig<N extends SettingName>(
  env: NodeJS.ProcessEnv,
  names: readonly N[],
): { [K in N]: Setting<K> } {
  const wrong: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    try {
      const parsed = settings[name].safeParse(raw(env, name));
      if (parsed.success) values[name] = parsed.data;
      else wrong.push(`${name}: ${parsed.error.issues.map((i) => i.message).join(', ')}`);
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (wrong.length > 0) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `${wrong.length} setting(s) are missing or wrong. Set them in the environment (NAME, or NAME_FILE for a file):\n  ${wrong.join('\n  ')}`,
    );
  }
  // Each name was parsed by its own schema above; the mapped type cannot follow the loop.
  return values as { [K in N]: Setting<K> };
}

/** Whether a setting, or the file that holds it, is named at all. */
export function isGiven(env: NodeJS.ProcessEnv, name: SettingName): boolean {
  return env[name] !== undefined || env[`${name}_FILE`] !== undefined;
}

function raw(env: NodeJS.ProcessEnv, name: SettingName): string | undefined {
  const file = env[`${name}_FILE`];
  if (env[name] !== undefined || file === undefined) return env[name];
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new Error(`${name}_FILE: cannot be read (${code})`, { cause: error });
  }
}
