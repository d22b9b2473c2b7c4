import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { contract } from '../../../tasks/src/lib/contracts.ts';
import { lakeTables } from '../../../tasks/src/lib/lake/tables.ts';
import { newestControlTopic } from '../../../tasks/src/lib/stream/topics.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const config = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(join(root, 'connectors', 'config', 'lake-bronze.json'), 'utf8')));
const list = (name: string): string[] => (config[name] ?? '').split(',');

describe("the lake's sink", () => {
  it('writes to the tables of bronze, all of them', () => {
    const bronze = lakeTables((topic) => contract(root, topic)).filter(({ schema }) => schema === 'bronze');
    expect(list('iceberg.tables')).to.have.members(bronze.map(({ schema, name }) => `${schema}.${name}`));
  });

  it('sends each topic to one table', () => {
    for (const topic of list('topics')) {
      const taking = list('iceberg.tables').filter((table) =>
        new RegExp(config[`iceberg.table.${table}.route-regex`] ?? '$.').test(topic),
      );
      expect(taking, topic).to.deep.equal([`bronze.${topic.replaceAll('-', '_')}`]);
    }
  });

  it('makes no table', () => {
    expect(config['iceberg.tables.auto-create-enabled']).to.equal('false');
  });

  it('looks at its table anew when a record has a field more, and does not pass over it', () => {
    expect(config['iceberg.tables.evolve-schema-enabled']).to.equal('true');
  });

  it('leaves the catalog to the settings of the lake', () => {
    expect(Object.keys(config).filter((name) => name.startsWith('iceberg.catalog'))).to.deep.equal([]);
  });
});

describe('a control topic', () => {
  it('is the newest of its sink', () => {
    const existing = ['control-x-9', 'control-x-10', 'control-x-y-11', 'control-x', 'control-x-', 'trades'];
    expect(newestControlTopic(existing, 'control-x')).to.equal('control-x-10');
  });

  it('is a new one when the cluster holds none', () => {
    expect(newestControlTopic(['trades', 'control-y-1'], 'control-x')).to.equal(undefined);
  });
});
