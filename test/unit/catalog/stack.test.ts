import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { catalogEnvironment, checkCatalog } from '../../../stack/lib/catalog.ts';
import { packages, stackEngines } from '../../../stack/lib/lifecycle.ts';
import { mergeStartOptions, writeStartOptions, type StartOptions } from '../../../stack/lib/start-options.ts';
import { Stack } from '../../../stack/lib/stack.ts';
import { maintainLake } from '../../../tasks/src/maintain-lake.ts';
import { readCatalog } from '../../../tasks/src/lib/catalog/settings.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { environments } from './profiles.ts';

const ARN = 'arn:aws:s3tables:eu-central-1:123456789012:bucket/rates';

describe("the catalog of a stack's lake", () => {
  let stack: Stack;
  const options = (...flags: string[]): StartOptions => mergeStartOptions(stack, flags).options;

  beforeEach(() => {
    const home = mkdtempSync(join(tmpdir(), 'ratehouse-unit-'));
    stack = new Stack({ RATEHOUSE_HOME: home, RATEHOUSE_CACHE: home, RATEHOUSE_PORT_BASE: '28900' });
  });
  afterEach(() => {
    rmSync(stack.home, { recursive: true });
  });

  it("is AWS's own, with no endpoint and no key of ours, when a place there is named", () => {
    const env = catalogEnvironment(stack, options('--catalog', 's3tables', '--warehouse', ARN));
    expect(env).to.deep.equal({
      RATEHOUSE_CATALOG: 's3tables',
      RATEHOUSE_CATALOG_WAREHOUSE: ARN,
      RATEHOUSE_S3_REGION: 'eu-central-1',
    });
    expect(readCatalog(env).catalog).to.include({ kind: 's3tables', aws: true, keys: false });
  });

  it('has moto among the engines and the packages for the Glue of this machine, and for nothing else', () => {
    const glue = stackEngines(options('--catalog', 'glue')).map(({ name }) => name);
    expect(glue).to.include('moto');
    expect(packages(options('--catalog', 'glue')).map(({ name }) => name)).to.include('moto');
    for (const flags of [[], ['--catalog', 's3tables'], ['--catalog', 'glue', '--warehouse', 's3://a-bucket/x']])
      expect(
        stackEngines(options(...flags)).map(({ name }) => name),
        flags.join(' '),
      ).not.to.include('moto');
  });

  it('does without the engines that are left out, by the beginning of their names', () => {
    const left = stackEngines(options('--without', 'airflow,keeper')).map(({ name }) => name);
    const all = stackEngines(options()).map(({ name }) => name);
    expect(all.filter((name) => !left.includes(name))).to.have.members([
      'keeper',
      ...all.filter((name) => name.startsWith('airflow-')),
    ]);
  });

  it('cannot change once Kafka holds data, and may before', () => {
    writeStartOptions(stack, options('--catalog', 'glue'));
    checkCatalog(stack, options('--catalog', 'rest'));
    mkdirSync(join(stack.home, 'data', 'kafka'), { recursive: true });
    checkCatalog(stack, options());
    expect(() => {
      checkCatalog(stack, options('--catalog', 'rest'));
    }).to.throw(/has its lake in the catalog glue, and was to be started with rest/);
  });

  it('is refused before anything starts when its place does not fit it', () => {
    for (const flags of [
      ['--catalog', 'glue', '--warehouse', ARN],
      ['--catalog', 'glue', '--warehouse', 's3://a-bucket/x'],
      ['--region', 'eu-central-1'],
    ])
      expect(() => {
        checkCatalog(stack, options(...flags));
      }, flags.join(' ')).to.throw(/wanted|belongs to --warehouse/);
  });

  it("is not maintained by us where it is AWS's S3 Tables, which does that itself", async () => {
    const flags = { steps: 'expire', keep: '1', settle: '1', metadataAge: '1', orphanAge: '1' };
    const { signal } = new AbortController();
    const context = { env: environments.s3tablesOnAws, log: jsonLog(() => undefined), signal, root: stack.root };
    expect(await maintainLake.run(flags, context)).to.have.property('skip', true);
  });
});
