import { goldHistories } from '../support/gold/promises.ts';
import { GoldStack } from '../support/gold/stack.ts';

describe('gold', () => {
  const gold = new GoldStack(24_000);

  before(() => gold.start());
  after(() => gold.stop());

  // A short history of few symbols, for the quick suites: gold-properties has the long ones, and dbt's unit tests.
  goldHistories(gold, {
    symbols: 20,
    histories: 1,
    runs: 2,
    seed: Number(process.env['RATEHOUSE_GOLD_SEED'] ?? Math.floor(Math.random() * 1e9)),
  });
});
