import { goldHistories } from '../support/gold/promises.ts';

/** RATEHOUSE_GOLD_SYMBOLS, _HISTORIES and _RUNS ask for fewer or more; RATEHOUSE_GOLD_SEED for the same ones again. */
const given = (name: string, otherwise: number): number => Number(process.env[`RATEHOUSE_GOLD_${name}`] ?? otherwise);

goldHistories({
  symbols: given('SYMBOLS', 200),
  histories: given('HISTORIES', 10),
  runs: given('RUNS', 6),
  seed: given('SEED', Math.floor(Math.random() * 1e9)),
});
