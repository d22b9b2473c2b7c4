import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import type { GoldStack } from './stack.ts';

const model = z.object({
  name: z.string(),
  resource_type: z.string(),
  description: z.string(),
  columns: z.record(z.string(), z.object({ description: z.string(), data_type: z.string().nullish() })),
  config: z.looseObject({
    materialized: z.string().optional(),
    contract: z.object({ enforced: z.boolean() }).optional(),
  }),
});
const manifest = z.object({
  nodes: z.record(z.string(), z.looseObject({ resource_type: z.string() })),
  exposures: z.record(z.string(), z.object({ depends_on: z.object({ nodes: z.array(z.string()) }) })),
});

/** The dbt project's own unit tests. They take the types of what they leave out from the tables, so gold has been made by a run. */
export function unitTests(gold: GoldStack): void {
  describe('the dbt project', () => {
    it('holds its unit tests', async () => {
      const output = await gold.dbt(['test', '--select', 'test_type:unit'], 'gold');
      expect(output).to.match(/PASS=[1-9]\d* WARN=0 ERROR=0 SKIP=0/);
    });
  });
}

/** What holds of the documentation and the contracts, whatever the data. Gold has been made by a run. */
export function documentation(gold: GoldStack): void {
  describe('the documentation', () => {
    it('builds, and in it each table begins with its grain and has a contract', async () => {
      const files = await gold.docs();
      const { nodes, exposures } = manifest.parse(JSON.parse(readFileSync(join(files, 'manifest.json'), 'utf8')));
      const models = Object.values(nodes)
        .filter(({ resource_type }) => resource_type === 'model')
        .map((node) => model.parse(node));
      expect(models.length).to.be.greaterThan(8);
      for (const { name, description, config, columns } of models) {
        expect(description, name).to.match(/^One row per /);
        if (config.materialized === 'ephemeral') continue;
        expect(config.contract?.enforced, `${name} has a contract`).to.equal(true);
        expect(
          Object.values(columns).filter((column) => column.description === ''),
          name,
        ).to.deep.equal([]);
      }
      expect(Object.values(exposures).flatMap(({ depends_on }) => depends_on.nodes)).to.include('model.ratehouse.macd');
      expect(readFileSync(join(files, 'index.html'), 'utf8')).to.include('dbt');
    });
  });
}
