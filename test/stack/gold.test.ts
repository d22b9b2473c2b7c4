import { goldHistories } from '../support/gold/promises.ts';
import { unitTests } from '../support/gold/project.ts';
import { GoldStack } from '../support/gold/stack.ts';

describe('gold', () => {
  const gold = new GoldStack(24_000);

  before(() => gold.start());
  after(() => gold.stop());

  // A short history of few symbols, for the quick suites: gold-properties has the long ones.
  goldHistories(gold, {
    symbols: 20,
    histories: 1,
    runs: 3,
    seed: Number(process.env['RATEHOUSE_GOLD_SEED'] ?? Math.floor(Math.random() * 1e9)),
  });
  unitTests(gold);
});
