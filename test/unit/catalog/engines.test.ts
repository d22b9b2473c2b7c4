import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { lakeDatabase } from '../../../tasks/src/lib/catalog/clickhouse.ts';
import { readCatalog } from '../../../tasks/src/lib/catalog/settings.ts';
import { sinkOptions } from '../../../tasks/src/lib/catalog/sink.ts';
import { lakeStorage } from '../../../tasks/src/lib/catalog/storage.ts';
import { sparkOptions, sparkSecrets } from '../../../tasks/src/lib/catalog/spark.ts';
import { trinoEnvironment, trinoFile, trinoProperties } from '../../../tasks/src/lib/catalog/trino.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { checkServer } from '../../../tasks/src/lib/lake/clickhouse-database.ts';
import { environments, PROFILES, profile, SECRETS, type Profile } from './profiles.ts';

const FILE = '/secrets/connect.properties';
const sink = (name: Profile): Record<string, string> => sinkOptions(profile(name).catalog, FILE);
const spark = (name: Profile): Record<string, string> => sparkOptions(profile(name).catalog);
const trino = (name: Profile): Record<string, string> => trinoProperties(profile(name).catalog);
const clickHouse = (name: Profile): ReturnType<typeof lakeDatabase> => {
  const { catalog, secrets } = profile(name);
  return lakeDatabase(catalog, secrets);
};

const NO_KEYS = { RATEHOUSE_S3_ACCESS_KEY: undefined, RATEHOUSE_S3_SECRET_KEY: undefined };

/** Names of the options that are about keys and logins. */
const secretNames = (options: Record<string, string>): string[] =>
  Object.keys(options).filter((name) => /access-key|secret|credential$/.test(name));

describe('the catalog in the configuration of the Iceberg sink', () => {
  it('is SeaweedFS with signed requests', () => {
    expect(sink('rest')).to.deep.equal({
      'iceberg.catalog': 'lake',
      'iceberg.catalog.type': 'rest',
      'iceberg.catalog.uri': 'http://127.0.0.1:18',
      'iceberg.catalog.warehouse': 'warehouse',
      'iceberg.catalog.rest.auth.type': 'sigv4',
      'iceberg.catalog.rest.signing-name': 's3',
      'iceberg.catalog.rest.signing-region': 'us-east-1',
      'iceberg.catalog.rest.access-key-id': `\${file:${FILE}:s3.access-key}`,
      'iceberg.catalog.rest.secret-access-key': `\${file:${FILE}:s3.secret-key}`,
      'iceberg.catalog.io-impl': 'org.apache.iceberg.aws.s3.S3FileIO',
      'iceberg.catalog.client.region': 'us-east-1',
      'iceberg.catalog.s3.endpoint': 'http://127.0.0.1:16',
      'iceberg.catalog.s3.path-style-access': 'true',
      'iceberg.catalog.s3.access-key-id': `\${file:${FILE}:s3.access-key}`,
      'iceberg.catalog.s3.secret-access-key': `\${file:${FILE}:s3.secret-key}`,
    });
  });

  it('is Glue, whose keys are in the environment of the worker alone', () => {
    expect(sink('glue')).to.include({
      'iceberg.catalog.type': 'glue',
      'iceberg.catalog.warehouse': 's3://lake/glue',
      'iceberg.catalog.glue.endpoint': 'http://127.0.0.1:21',
    });
    expect(secretNames(sink('glue'))).to.deep.equal([]);
    expect(sink('glueOnAws')).not.to.have.any.keys('iceberg.catalog.glue.endpoint', 'iceberg.catalog.s3.endpoint');
  });

  it('is S3 Tables, signed for s3tables, by the default chain where no keys are given', () => {
    expect(sink('s3tablesOnAws')).to.include({
      'iceberg.catalog.type': 'rest',
      'iceberg.catalog.uri': 'https://s3tables.eu-central-1.amazonaws.com/iceberg',
      'iceberg.catalog.warehouse': environments.s3tablesOnAws.RATEHOUSE_CATALOG_WAREHOUSE,
      'iceberg.catalog.rest.signing-name': 's3tables',
      'iceberg.catalog.rest.signing-region': 'eu-central-1',
    });
    expect(secretNames(sink('s3tablesOnAws'))).to.deep.equal([]);
    expect(secretNames(sink('s3tables'))).to.have.length(4);
  });

  it('logs in with OAuth2 by a credential that the config provider finds, and borrows the keys of the storage', () => {
    expect(sink('oauth2')).to.include({
      'iceberg.catalog.rest.auth.type': 'oauth2',
      'iceberg.catalog.oauth2-server-uri': 'https://polaris.example/api/catalog/v1/oauth/tokens',
      'iceberg.catalog.scope': 'PRINCIPAL_ROLE:lake',
      'iceberg.catalog.credential': `\${file:${FILE}:catalog.credential}`,
      'iceberg.catalog.header.X-Iceberg-Access-Delegation': 'vended-credentials',
    });
    expect(secretNames(sink('oauth2'))).to.deep.equal(['iceberg.catalog.credential']);
  });

  it('logs in nowhere where there is no login', () => {
    expect(sink('none')).to.include({ 'iceberg.catalog.rest.auth.type': 'none' });
    expect(secretNames(sink('none'))).to.have.length(2);
  });

  for (const name of PROFILES) {
    it(`names its secrets, and holds none (${name})`, () => {
      const options = sink(name);
      for (const secret of secretNames(options)) expect(options[secret]).to.match(/^\$\{file:.+:[\w.-]+\}$/);
      for (const secret of SECRETS) expect(JSON.stringify(options)).not.to.include(secret);
    });
  }
});

describe('the catalog in the configuration of Spark', () => {
  const of = (name: string): string => `spark.sql.catalog.lake.${name}`;

  it('is the same as that of the sink, but for how keys are found', () => {
    for (const name of PROFILES) {
      const options = Object.entries(sink(name)).filter(
        ([key]) => key !== 'iceberg.catalog' && !secretNames({ [key]: '' }).length,
      );
      for (const [key, value] of options)
        expect(spark(name)[of(key.slice('iceberg.catalog.'.length))], `${name} ${key}`).to.equal(value);
      expect(secretNames(spark(name)), name).to.deep.equal([]);
    }
  });

  it('is read anew after a conflict', () => {
    for (const name of PROFILES) expect(spark(name)).to.have.property(of('cache-enabled'), 'false');
  });

  it('gets the credential of OAuth2 from its environment', () => {
    expect(sparkSecrets(profile('oauth2').catalog)).to.deep.equal({ [of('credential')]: 'CATALOG_CREDENTIAL' });
    expect(trinoEnvironment(profile('oauth2').secrets)).to.have.property('CATALOG_CREDENTIAL');
    expect(sparkSecrets(profile('rest').catalog)).to.deep.equal({});
  });
});

describe('the catalog in the configuration of Trino', () => {
  it('is SeaweedFS with signed requests', () => {
    expect(trino('rest')).to.include({
      'iceberg.catalog.type': 'rest',
      'iceberg.rest-catalog.uri': 'http://127.0.0.1:18',
      'iceberg.rest-catalog.warehouse': 'warehouse',
      'iceberg.rest-catalog.sigv4-enabled': 'true',
      'iceberg.rest-catalog.signing-name': 's3',
      's3.endpoint': 'http://127.0.0.1:16',
      's3.path-style-access': 'true',
    });
  });

  it('is Glue, with the keys for Glue and for S3', () => {
    expect(trino('glue')).to.include({
      'iceberg.catalog.type': 'glue',
      'hive.metastore.glue.region': 'us-east-1',
      'hive.metastore.glue.default-warehouse-dir': 's3://lake/glue',
      'hive.metastore.glue.endpoint-url': 'http://127.0.0.1:21',
      'hive.metastore.glue.aws-access-key': '${ENV:S3_ACCESS_KEY}',
      's3.aws-secret-key': '${ENV:S3_SECRET_KEY}',
    });
    expect(Object.keys(trino('glue')).filter((name) => name.includes('rest-catalog'))).to.deep.equal([]);
  });

  it("is AWS's own where no endpoint and no keys are given", () => {
    for (const name of ['glueOnAws', 's3tablesOnAws'] as const) {
      expect(trino(name)).to.have.property('s3.region', 'eu-central-1');
      expect(trinoFile(profile(name).catalog), name).not.to.match(/\.endpoint=|endpoint-url|path-style|ENV/);
    }
  });

  it('is S3 Tables, which is not asked for views', () => {
    expect(trino('s3tablesOnAws')).to.include({
      'iceberg.rest-catalog.signing-name': 's3tables',
      'iceberg.rest-catalog.view-endpoints-enabled': 'false',
    });
  });

  it('logs in with OAuth2', () => {
    expect(trino('oauth2')).to.include({
      'iceberg.rest-catalog.security': 'OAUTH2',
      'iceberg.rest-catalog.oauth2.credential': '${ENV:CATALOG_CREDENTIAL}',
      'iceberg.rest-catalog.oauth2.scope': 'PRINCIPAL_ROLE:lake',
      'iceberg.rest-catalog.vended-credentials-enabled': 'true',
    });
  });

  for (const name of PROFILES) {
    it(`finds in its environment each secret that its file names, and the file holds none (${name})`, () => {
      const { catalog, secrets } = profile(name);
      const text = trinoFile(catalog);
      const named = [...text.matchAll(/\$\{ENV:(\w+)\}/g)].map(([, variable]) => variable);
      expect(Object.keys(trinoEnvironment(secrets))).to.have.members([...new Set(named)]);
      for (const secret of SECRETS) expect(text).not.to.include(secret);
    });
  }
});

describe('the catalog as a database of ClickHouse', () => {
  const folder = resolve(import.meta.dirname, '..', '..', '..', 'tasks', 'sql', 'lake');

  it('has a statement for each kind', () => {
    for (const name of PROFILES) expect(existsSync(join(folder, clickHouse(name).file)), name).to.equal(true);
  });

  it('is SeaweedFS, which takes the key pair for a client of OAuth2, in the shape of S3 Tables too', () => {
    for (const name of ['rest', 's3tables'] as const) {
      expect(clickHouse(name)).to.deep.include({ file: 'database_rest.sql' });
      expect(clickHouse(name).parameters).to.deep.equal({
        uri: 'http://127.0.0.1:18/v1',
        warehouse: environments[name].RATEHOUSE_CATALOG_WAREHOUSE,
        storage: 'http://127.0.0.1:16',
        credential: `the-access-key:${SECRETS[0]}`,
        tokens: 'http://127.0.0.1:18/v1/oauth/tokens',
        scope: 'PRINCIPAL_ROLE:ALL',
        access_key: 'the-access-key',
        secret_key: SECRETS[0],
      });
    }
  });

  it('is Glue, whose storage is named with its bucket', () => {
    expect(clickHouse('glue')).to.deep.include({ file: 'database_glue.sql' });
    expect(clickHouse('glue').parameters).to.include({
      endpoint: 'http://127.0.0.1:21',
      storage: 'http://127.0.0.1:16/lake',
    });
    expect(clickHouse('glueOnAws').parameters).to.deep.equal({
      endpoint: '',
      region: 'eu-central-1',
      storage: '',
      access_key: '',
      secret_key: '',
    });
  });

  it('logs in with OAuth2, and borrows the keys of the storage', () => {
    expect(clickHouse('oauth2')).to.deep.include({ file: 'database_rest_vended.sql' });
    expect(clickHouse('oauth2').parameters).to.include({
      credential: `the-client:${SECRETS[1]}`,
      scope: 'PRINCIPAL_ROLE:lake',
    });
  });

  it('logs in nowhere where there is no login', () => {
    expect(clickHouse('none').parameters).to.include({ credential: '', tokens: '' });
  });

  it('cannot be a catalog that wants signed requests and gives no tokens for keys', () => {
    const { catalog, secrets } = readCatalog({ ...environments.rest, ...NO_KEYS });
    expect(() => lakeDatabase(catalog, secrets)).to.throw(RatehouseError, /cannot sign requests/);
  });

  it('is S3 Tables of AWS from release 26.8 on, and an older server is refused before anything is made', () => {
    const wanted = clickHouse('s3tablesOnAws');
    expect(wanted.file).to.equal('database_s3tables.sql');
    expect(() => {
      checkServer(wanted, '26.7.2.1', 's3tables');
    }).to.throw(RatehouseError, /from release 26\.8 on; this server is 26\.7\.2\.1/);
    checkServer(wanted, '26.8.1.1361', 's3tables');
    checkServer(wanted, '27.1.1.1', 's3tables');
  });

  it('is known again by its definition, and told from that of another catalog', () => {
    const definition = `DataLakeCatalog('http://127.0.0.1:18/v1', 'the-access-key', '[HIDDEN]') SETTINGS catalog_type = 'rest', warehouse = 'warehouse'`;
    const fits = (name: Profile): boolean => clickHouse(name).says.every((text) => definition.includes(text));
    expect(PROFILES.filter(fits)).to.deep.equal(['rest']);
  });
});

describe("the catalog's storage, as the tasks find it", () => {
  it('is the one that is named, with the keys that are given', async () => {
    const { endpoint, region, keys } = lakeStorage(profile('rest'));
    expect({ endpoint, region }).to.deep.equal({ endpoint: 'http://127.0.0.1:16', region: 'us-east-1' });
    expect(await keys()).to.deep.equal({ accessKeyId: 'the-access-key', secretAccessKey: SECRETS[0] });
  });

  it("is AWS's own where none is named", () => {
    expect(lakeStorage(profile('glueOnAws')).endpoint).to.equal('https://s3.eu-central-1.amazonaws.com');
    const china = readCatalog({ ...environments.glueOnAws, RATEHOUSE_S3_REGION: 'cn-north-1' });
    expect(lakeStorage(china).endpoint).to.equal('https://s3.cn-north-1.amazonaws.com.cn');
  });

  it("asks AWS's chain for keys where none are given", async () => {
    const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
    const before = names.map((name) => process.env[name]);
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'lent', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'y' });
    try {
      const found = await lakeStorage(profile('glueOnAws')).keys();
      expect(found).to.include({ accessKeyId: 'lent', secretAccessKey: 'x', sessionToken: 'y' });
    } finally {
      names.forEach((name, i) => {
        if (before[i] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[i];
      });
    }
  });
});
