import { isGiven, readConfig, type Setting, type SettingName } from '../config.ts';
import { RatehouseError } from '../error.ts';
import type { Catalog, CatalogSecrets, RestAuth } from './catalog.ts';

const SETTINGS = [
  'RATEHOUSE_CATALOG',
  'RATEHOUSE_CATALOG_URI',
  'RATEHOUSE_CATALOG_WAREHOUSE',
  'RATEHOUSE_CATALOG_AUTH',
  'RATEHOUSE_CATALOG_SIGNING_NAME',
  'RATEHOUSE_CATALOG_CREDENTIAL',
  'RATEHOUSE_CATALOG_OAUTH_URI',
  'RATEHOUSE_CATALOG_SCOPE',
  'RATEHOUSE_GLUE_ENDPOINT',
  'RATEHOUSE_S3_ENDPOINT',
  'RATEHOUSE_S3_REGION',
  'RATEHOUSE_S3_ACCESS_KEY',
  'RATEHOUSE_S3_SECRET_KEY',
] as const satisfies readonly SettingName[];
type Name = (typeof SETTINGS)[number];
type Given = { readonly [N in Name]?: Setting<N> };

/** Of the settings that not every catalog knows, those of each. */
const OWN: Readonly<Record<Catalog['kind'], readonly Name[]>> = {
  rest: [
    'RATEHOUSE_CATALOG_URI',
    'RATEHOUSE_CATALOG_AUTH',
    'RATEHOUSE_CATALOG_SIGNING_NAME',
    'RATEHOUSE_CATALOG_CREDENTIAL',
    'RATEHOUSE_CATALOG_OAUTH_URI',
    'RATEHOUSE_CATALOG_SCOPE',
  ],
  glue: ['RATEHOUSE_GLUE_ENDPOINT'],
  s3tables: ['RATEHOUSE_CATALOG_URI'],
};

/** Of the ways to log in at a REST catalog, the settings of each. */
const OF_AUTH: Readonly<Record<RestAuth['kind'], readonly Name[]>> = {
  sigv4: ['RATEHOUSE_CATALOG_SIGNING_NAME'],
  oauth2: ['RATEHOUSE_CATALOG_CREDENTIAL', 'RATEHOUSE_CATALOG_OAUTH_URI', 'RATEHOUSE_CATALOG_SCOPE'],
  none: [],
};

export interface CatalogSettings {
  readonly catalog: Catalog;
  readonly secrets: CatalogSecrets;
}

/**
 * Reads the lake's catalog from the environment: RATEHOUSE_CATALOG says of which kind it is, `rest` when it is not set.
 * @throws RATEHOUSE_CONFIG naming every setting that is missing, wrong, or of another kind of catalog; never a value that may be secret
 */
export function readCatalog(env: NodeJS.ProcessEnv): CatalogSettings {
  const given: Given = readConfig(
    env,
    SETTINGS.filter((name) => isGiven(env, name)),
  );
  const kind = given.RATEHOUSE_CATALOG ?? 'rest';
  const wrong = new Problems(kind, given);
  const region = wrong.need('RATEHOUSE_S3_REGION', 'a region such as us-east-1');
  wrong.refuseForeign(Object.values(OWN).flat(), OWN[kind], `RATEHOUSE_CATALOG=${kind}`);
  const keys = given.RATEHOUSE_S3_ACCESS_KEY !== undefined;
  if (keys !== (given.RATEHOUSE_S3_SECRET_KEY !== undefined))
    wrong.add(
      'RATEHOUSE_S3_ACCESS_KEY and RATEHOUSE_S3_SECRET_KEY: wanted both, or neither for the default chain of AWS',
    );
  const storage = { region, s3Endpoint: given.RATEHOUSE_S3_ENDPOINT, keys };
  const catalog =
    kind === 'glue'
      ? { ...storage, ...glue(given, wrong) }
      : kind === 's3tables'
        ? { ...storage, ...s3Tables(given, region, wrong) }
        : { ...storage, ...rest(given, wrong) };
  wrong.throwIfAny();
  const { RATEHOUSE_S3_ACCESS_KEY: accessKey, RATEHOUSE_S3_SECRET_KEY: secretKey } = given;
  return {
    catalog,
    secrets: {
      storage: accessKey === undefined || secretKey === undefined ? undefined : { accessKey, secretKey },
      credential: given.RATEHOUSE_CATALOG_CREDENTIAL,
    },
  };
}

type Without<C> = Omit<C, 'region' | 's3Endpoint' | 'keys'>;
type Of<K extends Catalog['kind']> = Without<Extract<Catalog, { kind: K }>>;

function rest(given: Given, wrong: Problems): Of<'rest'> {
  const uri = wrong.need('RATEHOUSE_CATALOG_URI', 'the address of the REST catalog, without /v1');
  const warehouse = wrong.need('RATEHOUSE_CATALOG_WAREHOUSE', "the warehouse's name in the catalog");
  const kind = given.RATEHOUSE_CATALOG_AUTH ?? 'sigv4';
  wrong.refuseForeign(Object.values(OF_AUTH).flat(), OF_AUTH[kind], `RATEHOUSE_CATALOG_AUTH=${kind}`);
  if (kind === 'oauth2') {
    wrong.need('RATEHOUSE_CATALOG_CREDENTIAL', 'client id and secret, with a colon between');
    const tokens = given.RATEHOUSE_CATALOG_OAUTH_URI ?? `${uri}/v1/oauth/tokens`;
    return { kind: 'rest', uri, warehouse, auth: { kind, tokens, scope: given.RATEHOUSE_CATALOG_SCOPE } };
  }
  const auth: RestAuth =
    kind === 'none' ? { kind } : { kind, signingName: given.RATEHOUSE_CATALOG_SIGNING_NAME ?? 's3' };
  return { kind: 'rest', uri, warehouse, auth };
}

function glue(given: Given, wrong: Problems): Of<'glue'> {
  const warehouse = wrong.need('RATEHOUSE_CATALOG_WAREHOUSE', 's3://bucket/path');
  const [location = '', bucket = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/[^/]+)*(?=\/?$)/.exec(warehouse) ?? [];
  if (warehouse !== '' && bucket === '')
    wrong.add(`RATEHOUSE_CATALOG_WAREHOUSE: wanted s3://bucket/path for Glue, found ${warehouse}`);
  return { kind: 'glue', glueEndpoint: given.RATEHOUSE_GLUE_ENDPOINT, location, bucket };
}

const TABLE_BUCKET = /^arn:(aws[a-z-]*):s3tables:([a-z0-9-]+):[0-9]{12}:bucket\/[a-z0-9-]+$/;

function s3Tables(given: Given, region: string, wrong: Problems): Of<'s3tables'> {
  const arn = wrong.need('RATEHOUSE_CATALOG_WAREHOUSE', 'the ARN of a table bucket');
  const [, partition, home] = TABLE_BUCKET.exec(arn) ?? [];
  if (arn !== '' && home === undefined) {
    wrong.add(
      `RATEHOUSE_CATALOG_WAREHOUSE: wanted the ARN of a table bucket, arn:aws:s3tables:REGION:ACCOUNT:bucket/NAME, found ${arn}`,
    );
  } else if (home !== undefined && region !== '' && home !== region) {
    wrong.add(`RATEHOUSE_S3_REGION: wanted ${home}, where the table bucket is, found ${region}`);
  }
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const own = given.RATEHOUSE_CATALOG_URI;
  return { kind: 's3tables', uri: own ?? `https://s3tables.${region}.${domain}/iceberg`, aws: own === undefined, arn };
}

/** What is wrong with the settings, gathered so that all of it is said at once. */
class Problems {
  private readonly found = new Set<string>();
  private readonly kind: string;
  private readonly given: Given;

  constructor(kind: string, given: Given) {
    this.kind = kind;
    this.given = given;
  }

  add(problem: string): void {
    this.found.add(problem);
  }

  /** The setting; '' when it is missing. */
  need(name: Exclude<Name, 'RATEHOUSE_CATALOG' | 'RATEHOUSE_CATALOG_AUTH'>, wanted: string): string {
    const value = this.given[name];
    if (value === undefined) this.add(`${name}: wanted ${wanted}, found nothing`);
    return value ?? '';
  }

  /** What is set and means nothing was meant for something else: better refused than passed over. */
  refuseForeign(all: readonly Name[], own: readonly Name[], of: string): void {
    for (const name of all)
      if (this.given[name] !== undefined && !own.includes(name))
        this.add(`${name}: is nothing that ${of} knows; unset it`);
  }

  throwIfAny(): void {
    if (this.found.size === 0) return;
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `The settings of the lake's catalog (RATEHOUSE_CATALOG=${this.kind}) do not fit together:\n  ${[...this.found].join('\n  ')}`,
    );
  }
}
