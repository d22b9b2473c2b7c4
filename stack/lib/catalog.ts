import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalog, type CatalogSettings } from '../../tasks/src/lib/catalog/settings.ts';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { readStartOptions, type StartOptions } from './start-options.ts';
import type { Stack } from './stack.ts';

type Wanted = Pick<StartOptions, 'catalog' | 'warehouse' | 'region'>;

/** Table buckets of SeaweedFS belong to nobody. */
const TABLE_BUCKET = 'arn:aws:s3tables:us-east-1:000000000000:bucket/warehouse';

/** The settings of the lake's catalog and storage. With a warehouse given they are AWS's, found by AWS's own default chain. */
export function catalogEnvironment(stack: Stack, { catalog, warehouse, region }: Wanted): Record<string, string> {
  if (warehouse !== undefined) {
    // The ARN of a table bucket names its region.
    const place = region ?? /^arn:[^:]*:s3tables:([^:]+):/.exec(warehouse)?.[1];
    return {
      RATEHOUSE_CATALOG: catalog,
      RATEHOUSE_CATALOG_WAREHOUSE: warehouse,
      ...(place === undefined ? {} : { RATEHOUSE_S3_REGION: place }),
    };
  }
  const profile: Record<StartOptions['catalog'], Record<string, string>> = {
    rest: { RATEHOUSE_CATALOG_URI: stack.url('seaweedfs-iceberg'), RATEHOUSE_CATALOG_WAREHOUSE: 'warehouse' },
    glue: { RATEHOUSE_GLUE_ENDPOINT: stack.url('moto'), RATEHOUSE_CATALOG_WAREHOUSE: 's3://lake/glue' },
    s3tables: { RATEHOUSE_CATALOG_URI: stack.url('seaweedfs-iceberg'), RATEHOUSE_CATALOG_WAREHOUSE: TABLE_BUCKET },
  };
  return {
    RATEHOUSE_CATALOG: catalog,
    ...profile[catalog],
    RATEHOUSE_S3_ENDPOINT: stack.url('seaweedfs-s3'),
    RATEHOUSE_S3_REGION: 'us-east-1',
    RATEHOUSE_S3_ACCESS_KEY_FILE: stack.file('secrets', 's3.access-key'),
    RATEHOUSE_S3_SECRET_KEY_FILE: stack.file('secrets', 's3.secret-key'),
  };
}

/** The catalog that this stack's engines and tasks work on. */
export const stackCatalog = (stack: Stack): CatalogSettings =>
  readCatalog(catalogEnvironment(stack, readStartOptions(stack)));

/**
 * Refuses a start that would leave the lake behind: what Kafka's consumers have read is written nowhere else.
 * @throws RATEHOUSE_CONFIG, also when warehouse and region do not fit the catalog
 */
export function checkCatalog(stack: Stack, wanted: Wanted): void {
  const held = readStartOptions(stack);
  if (wanted.warehouse !== undefined) readCatalog(catalogEnvironment(stack, wanted));
  else if (wanted.region !== undefined)
    throw new RatehouseError('RATEHOUSE_CONFIG', '--region belongs to --warehouse, the place of a lake on AWS.');
  const moved = (['catalog', 'warehouse', 'region'] as const).filter((name) => held[name] !== wanted[name]);
  if (moved.length === 0 || !existsSync(join(stack.home, 'data', 'kafka'))) return;
  const text = (options: Wanted): string => [options.catalog, options.warehouse].filter((part) => part).join(' ');
  throw new RatehouseError(
    'RATEHOUSE_CONFIG',
    `This stack has its lake in the catalog ${text(held)}, and was to be started with ${text(wanted)}. A lake cannot move: ` +
      'npm run reset begins anew, and another RATEHOUSE_HOME and RATEHOUSE_PORT_BASE make a second stack.',
  );
}
