import { join } from 'node:path';
import { z } from 'zod';
import type { CatalogSettings } from '../catalog/settings.ts';
import { lakeDatabase, type LakeDatabase } from '../catalog/clickhouse.ts';
import type { ClickHouse } from '../clickhouse.ts';
import type { TaskContext } from '../command.ts';
import { RatehouseError } from '../error.ts';

/**
 * Makes ClickHouse's database `lake`, and reads through it. One of another catalog, or one that cannot be read, is made anew: it holds
 * the address and the keys of the time when it was made.
 * @throws RATEHOUSE_CONFIG when this server is too old for the catalog
 */
export async function makeLakeDatabase(
  clickHouse: ClickHouse,
  { catalog, secrets }: CatalogSettings,
  { root, log }: Pick<TaskContext, 'root' | 'log'>,
): Promise<void> {
  const file = (name: string): string => join(root, 'tasks', 'sql', 'lake', name);
  const wanted = lakeDatabase(catalog, secrets);
  const { server, definition } = await held(clickHouse, file('held_database.sql'));
  checkServer(wanted, server, catalog.kind);
  const make = (): Promise<void> => clickHouse.runFile(file(wanted.file), wanted.parameters, wanted.settings);
  const makeAnew = async (why: string): Promise<void> => {
    await clickHouse.runFile(file('drop_database.sql'));
    await make();
    log.info(`ClickHouse's database lake was made anew: ${why}`);
  };
  if (definition !== '' && !wanted.says.every((text) => definition.includes(text)))
    await makeAnew('it was that of another catalog');
  else await make();
  try {
    await read(clickHouse, file('read_candles.sql'));
  } catch (error) {
    if (!(error instanceof RatehouseError && error.code === 'RATEHOUSE_REFUSED')) throw error;
    await makeAnew('the lake could not be read through it');
    await read(clickHouse, file('read_candles.sql'));
  }
}

async function held(clickHouse: ClickHouse, path: string): Promise<{ server: string; definition: string }> {
  const row = z.object({ server: z.string(), definition: z.string().nullable() });
  for await (const { server, definition } of clickHouse.queryFile(path, row))
    return { server, definition: definition ?? '' };
  throw new RatehouseError('RATEHOUSE_BAD_DATA', `${path} gave no row; wanted one.`);
}

/** @param server such as `26.7.2.1` */
export function checkServer({ since }: Pick<LakeDatabase, 'since'>, server: string, kind: string): void {
  const [year = 0, month = 0] = server.split('.').map(Number);
  if (year > since[0] || (year === since[0] && month >= since[1])) return;
  throw new RatehouseError(
    'RATEHOUSE_CONFIG',
    `ClickHouse reads a catalog of RATEHOUSE_CATALOG=${kind} from release ${since.join('.')} on; this server is ${server}. ` +
      'Nothing of the lake was lost. Name a newer server in RATEHOUSE_CLICKHOUSE_URL, or use another catalog.',
  );
}

async function read(clickHouse: ClickHouse, path: string): Promise<void> {
  for await (const found of clickHouse.queryFile(path, z.object({ symbol: z.string() })))
    if (found.symbol !== '') return;
}
