import { goldHistories } from '../support/gold/promises.ts';
import { goldProject } from '../support/gold/project.ts';

/** A short history of few symbols, for the quick suites: gold-properties has the long ones. */
goldHistories({
  symbols: 20,
  histories: 1,
  runs: 3,
  seed: Number(process.env['RATEHOUSE_GOLD_SEED'] ?? Math.floor(Math.random() * 1e9)),
});

goldProject();
