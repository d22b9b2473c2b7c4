import { join } from 'node:path';
import { answers, type Engine } from '../lib/engine.ts';
import { pypi } from '../lib/package.ts';

/** AWS Glue as far as moto has it; launchers/glue.py is its main program. The lake's files stay in SeaweedFS. */
export const moto: Engine = {
  name: 'moto',
  about: 'AWS Glue as far as moto has it, for one writer to each table; no login',
  after: [],
  packages: [pypi('moto', ['moto[server]==5.2.5'])],
  lane: 'batch',
  catalog: 'glue',
  process: ({ stack, installed }) => ({
    argv: [
      join(installed('moto'), 'bin', 'python'),
      join(stack.root, 'stack', 'launchers', 'glue.py'),
      '--port',
      String(stack.port('moto')),
      '--journal',
      stack.file('data', 'moto', 'glue.jsonl'),
    ],
  }),
  ready: ({ stack }) => answers(`${stack.url('moto')}/moto-api/`),
  address: (stack) => stack.url('moto'),
};
