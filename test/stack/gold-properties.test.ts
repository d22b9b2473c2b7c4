import { goldHistories } from '../support/gold/promises.ts';
import { documentation } from '../support/gold/project.ts';
import { GoldStack } from '../support/gold/stack.ts';

/** RATEHOUSE_GOLD_SYMBOLS, _HISTORIES and _RUNS ask for fewer or more; RATEHOUSE_GOLD_SEED for the same ones again. */
const given = (name: string, otherwise: number): number => Number(process.env[`RATEHOUSE_GOLD_${name}`] ?? otherwise);

describe('gold', () => {
  const gold = new GoldStack(24_000);

  before(() => gold.start());
  after(() => gold.stop());

  goldHistories(gold, {
    symbols: given('SYMBOLS', 200),
    histories: given('HISTORIES', 10),
    runs: given('RUNS', 6),
    seed: given('SEED', Math.floor(Math.random() * 1e9)),
  });
  documentation(gold);
});
