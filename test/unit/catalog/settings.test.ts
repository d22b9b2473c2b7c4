import { expect } from 'chai';
import { readCatalog } from '../../../tasks/src/lib/catalog/settings.ts';
import { exitCodeOf, RatehouseError } from '../../../tasks/src/lib/error.ts';
import { environments, profile, SECRETS, type Profile } from './profiles.ts';

type Environment = Readonly<Record<string, string>>;

function refusal(env: Environment): string {
  try {
    readCatalog(env);
  } catch (error) {
    expect(error).to.be.instanceOf(RatehouseError);
    expect(exitCodeOf(error)).to.equal(2);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('wanted a refusal, found a catalog');
}

const without = (name: Profile, ...settings: string[]): Environment =>
  Object.fromEntries(Object.entries(environments[name]).filter(([key]) => !settings.includes(key)));

describe("the lake's catalog", () => {
  it('is a REST catalog with signed requests when nothing else is said', () => {
    expect(profile('rest').catalog).to.deep.equal({
      kind: 'rest',
      uri: 'http://127.0.0.1:18',
      warehouse: 'warehouse',
      auth: { kind: 'sigv4', signingName: 's3' },
      region: 'us-east-1',
      s3Endpoint: 'http://127.0.0.1:16',
      keys: true,
    });
  });

  it('asks the REST catalog itself for tokens when no other server is named', () => {
    expect(profile('oauth2').catalog).to.have.property('auth').that.deep.equals({
      kind: 'oauth2',
      tokens: 'https://polaris.example/api/catalog/v1/oauth/tokens',
      scope: 'PRINCIPAL_ROLE:lake',
    });
  });

  it('is reached at the endpoint of its region when it is S3 Tables of AWS, in China too', () => {
    expect(profile('s3tablesOnAws').catalog).to.include({
      uri: 'https://s3tables.eu-central-1.amazonaws.com/iceberg',
      aws: true,
      keys: false,
    });
    const china = readCatalog({
      RATEHOUSE_CATALOG: 's3tables',
      RATEHOUSE_CATALOG_WAREHOUSE: 'arn:aws-cn:s3tables:cn-north-1:123456789012:bucket/rates',
      RATEHOUSE_S3_REGION: 'cn-north-1',
    });
    expect(china.catalog).to.have.property('uri', 'https://s3tables.cn-north-1.amazonaws.com.cn/iceberg');
    expect(profile('s3tables').catalog).to.include({ uri: 'http://127.0.0.1:18', aws: false });
  });

  it("keeps Glue's tables in a bucket or a folder of one", () => {
    expect(profile('glueOnAws').catalog).to.include({ location: 's3://rates-lake/tables', bucket: 'rates-lake' });
    const whole = readCatalog({ ...environments.glueOnAws, RATEHOUSE_CATALOG_WAREHOUSE: 's3://rates-lake' });
    expect(whole.catalog).to.include({ location: 's3://rates-lake', bucket: 'rates-lake' });
  });

  it('holds no secret: those are apart', () => {
    for (const name of Object.keys(environments) as Profile[]) {
      const text = JSON.stringify(profile(name).catalog);
      for (const secret of SECRETS) expect(text, name).not.to.include(secret);
    }
    expect(profile('glue').secrets).to.deep.equal({
      storage: { accessKey: 'the-access-key', secretKey: SECRETS[0] },
      credential: undefined,
    });
  });

  for (const [what, env, ...wanted] of [
    [
      'a REST catalog without address and name',
      without('rest', 'RATEHOUSE_CATALOG_URI', 'RATEHOUSE_CATALOG_WAREHOUSE'),
      /_URI: wanted the address .*, found nothing/,
      /_WAREHOUSE: wanted the warehouse's name/,
    ],
    ['no region', without('glue', 'RATEHOUSE_S3_REGION'), /RATEHOUSE_S3_REGION: wanted a region/],
    ['half a key pair', without('rest', 'RATEHOUSE_S3_SECRET_KEY'), /wanted both, or neither/],
    ['OAuth2 without a credential', without('oauth2', 'RATEHOUSE_CATALOG_CREDENTIAL'), /_CREDENTIAL: wanted client id/],
    [
      'a credential where nobody asks for one',
      { ...environments.rest, RATEHOUSE_CATALOG_CREDENTIAL: 'a:hunter2' },
      /_CREDENTIAL: is nothing that RATEHOUSE_CATALOG_AUTH=sigv4 knows/,
    ],
    [
      "Glue's endpoint for a REST catalog",
      { ...environments.rest, RATEHOUSE_GLUE_ENDPOINT: 'http://127.0.0.1:1' },
      /RATEHOUSE_GLUE_ENDPOINT: is nothing that RATEHOUSE_CATALOG=rest knows/,
    ],
    [
      'a REST address for Glue',
      { ...environments.glue, RATEHOUSE_CATALOG_URI: 'http://127.0.0.1:1' },
      /RATEHOUSE_CATALOG_URI: is nothing that RATEHOUSE_CATALOG=glue knows/,
    ],
    [
      'a login for S3 Tables',
      { ...environments.s3tables, RATEHOUSE_CATALOG_AUTH: 'none' },
      /RATEHOUSE_CATALOG_AUTH: is nothing that RATEHOUSE_CATALOG=s3tables knows/,
    ],
    [
      "a name where Glue's place in S3 is wanted",
      { ...environments.glue, RATEHOUSE_CATALOG_WAREHOUSE: 'warehouse' },
      /wanted s3:\/\/bucket\/path for Glue, found warehouse/,
    ],
    [
      'a bucket where the ARN of a table bucket is wanted',
      { ...environments.s3tables, RATEHOUSE_CATALOG_WAREHOUSE: 's3://rates' },
      /wanted the ARN of a table bucket, .*, found s3:\/\/rates/,
    ],
    [
      'a table bucket of another region',
      { ...environments.s3tablesOnAws, RATEHOUSE_S3_REGION: 'us-east-1' },
      /RATEHOUSE_S3_REGION: wanted eu-central-1, .*, found us-east-1/,
    ],
    ['a kind that there is not', { ...environments.rest, RATEHOUSE_CATALOG: 'hive' }, /RATEHOUSE_CATALOG: /],
  ] as const satisfies readonly (readonly [string, Environment, ...RegExp[]])[]) {
    it(`is refused with ${what}, and the message says what is wanted`, () => {
      const message = refusal(env);
      for (const pattern of wanted) expect(message).to.match(pattern);
      expect(message).not.to.include('hunter2').and.not.include(SECRETS[0]);
    });
  }
});
