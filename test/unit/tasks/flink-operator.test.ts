import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FlinkDeployment } from '@kubernetes-models/flink/flink.apache.org/v1beta1';
import { expect } from 'chai';
import { z } from 'zod';
import { customResources } from '../../../tasks/src/lib/flink/custom-resource.ts';
import { readJob } from '../../../tasks/src/lib/flink/job-file.ts';
import { fileValues } from '../../../tasks/src/lib/flink/submit.ts';
import { splitStatements } from '../../../tasks/src/lib/sql.ts';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..', '..');
const files = readdirSync(join(root, 'flink')).filter((file) => file.endsWith('.sql'));

const configMap = z.object({ kind: z.literal('ConfigMap'), data: z.record(z.string(), z.string()) });
const deployment = z.looseObject({
  kind: z.literal('FlinkDeployment'),
  spec: z.looseObject({ job: z.looseObject({ args: z.array(z.string()) }) }),
});
type Deployment = ConstructorParameters<typeof FlinkDeployment>[0];

function resources(file: string) {
  const job = readJob(file.replace('.sql', ''), readFileSync(join(root, 'flink', file), 'utf8'), 'jar');
  const values = fileValues(
    {
      RATEHOUSE_KAFKA_BROKERS: ['kafka:9092'],
      RATEHOUSE_REGISTRY_URL: 'http://registry',
      RATEHOUSE_FLINK_FUNCTIONS: '/elsewhere.jar',
    },
    root,
  );
  const options = { image: 'registry/ratehouse-flink:1', serviceAccount: 'flink', state: 's3://lake/flink', values };
  const [map, flink] = customResources(job, options);
  return { job, map: configMap.parse(map), flink: deployment.parse(flink) };
}

describe("what the operator runs a job's file from", () => {
  for (const file of files) {
    it(`fits the operator's own schema: ${file}`, () => {
      new FlinkDeployment(resources(file).flink).validate();
    });

    it(`holds every statement of the file, with its values: ${file}`, () => {
      const { job, map, flink } = resources(file);
      const script = map.data[file] ?? '';
      expect(splitStatements(script)).to.have.length(job.statements.length);
      expect(script).to.include("'kafka:9092'").and.to.include('/opt/ratehouse/flink-functions.jar');
      expect(script).not.to.include('${');
      expect(flink.spec.job.args.at(-1)).to.match(new RegExp(`/${file}$`));
    });
  }

  it('is refused by that schema when it is wrong, so that the test above says something', () => {
    const { flink } = resources('live-macd.sql');
    const wrong = { ...flink, spec: { ...flink.spec, flinkVersion: 'v9_9' } };
    expect(() => {
      new FlinkDeployment(wrong as unknown as Deployment).validate();
    }).to.throw();
  });
});
