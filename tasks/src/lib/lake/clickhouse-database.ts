import { join } from 'node:path';
import { z } from 'zod';
import type { ClickHouse } from '../clickhouse.ts';
import type { TaskContext } from '../command.ts';
import type { Setting } from '../config.ts';
import { RatehouseError } from '../error.ts';

export interface LakeAccess {
  readonly RATEHOUSE_CATALOG_URI: Setting<'RATEHOUSE_CATALOG_URI'>;
  readonly RATEHOUSE_CATALOG_WAREHOUSE: Setting<'RATEHOUSE_CATALOG_WAREHOUSE'>;
  readonly RATEHOUSE_S3_ENDPOINT: Setting<'RATEHOUSE_S3_ENDPOINT'>;
  readonly RATEHOUSE_S3_ACCESS_KEY: Setting<'RATEHOUSE_S3_ACCESS_KEY'>;
  readonly RATEHOUSE_S3_SECRET_KEY: Setting<'RATEHOUSE_S3_SECRET_KEY'>;
}

/**
 * Makes ClickHouse's database `lake`, and reads through it. One that cannot be read is made anew: it holds the address and the keys of
 * the time when it was made. The secret is bound as a parameter: it is in no text, and the server masks it in its query_log.
 */
export async function makeLakeDatabase(
  clickHouse: ClickHouse,
  access: LakeAccess,
  { root, log }: Pick<TaskContext, 'root' | 'log'>,
): Promise<void> {
  const file = (name: string): string => join(root, 'tasks', 'sql', 'lake', name);
  const make = (): Promise<void> =>
    clickHouse.runFile(file('database.sql'), parameters(access), { allow_database_iceberg: 1 });
  await make();
  try {
    await read(clickHouse, file('read_candles.sql'));
  } catch (error) {
    if (!(error instanceof RatehouseError && error.code === 'RATEHOUSE_REFUSED')) throw error;
    await clickHouse.runFile(file('drop_database.sql'));
    await make();
    await read(clickHouse, file('read_candles.sql'));
    log.info("ClickHouse's database lake was made anew: the lake could not be read through it");
  }
}

function parameters(access: LakeAccess): Record<string, string> {
  const { RATEHOUSE_S3_ACCESS_KEY: key, RATEHOUSE_S3_SECRET_KEY: secret } = access;
  return {
    uri: `${access.RATEHOUSE_CATALOG_URI}/v1`,
    warehouse: access.RATEHOUSE_CATALOG_WAREHOUSE,
    storage: `${access.RATEHOUSE_S3_ENDPOINT}/${access.RATEHOUSE_CATALOG_WAREHOUSE}`,
    access_key: key,
    secret_key: secret,
    credential: `${key}:${secret}`,
    tokens: `${access.RATEHOUSE_CATALOG_URI}/v1/oauth/tokens`,
  };
}

async function read(clickHouse: ClickHouse, path: string): Promise<void> {
  for await (const found of clickHouse.queryFile(path, z.object({ symbol: z.string() })))
    if (found.symbol !== '') return;
}
