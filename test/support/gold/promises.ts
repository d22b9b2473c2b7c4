import { expect } from 'chai';
import { z } from 'zod';
import { differsFromFullRefresh, differsFromTalib } from './compare.ts';
import { History } from './history.ts';
import { Random } from './random.ts';
import type { GoldStack } from './stack.ts';

/** Queries that a run sends to ClickHouse, some of which are over before they are seen. */
const QUERIES = 40;

const rows = z.object({ candles: z.number(), bars: z.number(), macd: z.number() });
const tables = z.object({ tables: z.number() });

interface Histories {
  readonly symbols: number;
  readonly histories: number;
  /** Of each history: the runs, of which four in ten are killed on their way. */
  readonly runs: number;
  /** All follows from it. */
  readonly seed: number;
}

/** Tests of gold after random histories of runs: against a full refresh, against TA-Lib, and against a run over the same input. */
export function goldHistories(gold: GoldStack, { symbols, histories, runs, seed }: Histories): void {
  describe(`after any history of runs (RATEHOUSE_GOLD_SEED=${seed})`, () => {
    for (let number = 0; number < histories; number += 1) {
      describe(`history ${number + 1}`, () => {
        const random = new Random(seed + number);
        let told: string[] = [];

        before(async () => {
          told = await live(gold, new History(random, symbols), random, runs);
        });

        it('reads as a full refresh does, bit for bit', async () => {
          expect(await differsFromFullRefresh(gold), told.join('\n')).to.deep.equal([]);
        });

        it('is what TA-Lib makes of the closes', async () => {
          const { rows: compared, different } = await differsFromTalib(gold);
          expect(different, told.join('\n')).to.deep.equal([]);
          expect(compared).to.be.greaterThan(symbols);
        });

        it('is left untouched by a run over the same input', async () => {
          const before = await gold.query('rows.sql', rows);
          await gold.run(`run-${runs}`);
          expect(await gold.query('rows.sql', rows), told.join('\n')).to.deep.equal(before);
        });
      });
    }
  });
}

/** Brings a history into both lanes step by step, each with its run, and tells what happened. */
async function live(gold: GoldStack, history: History, random: Random, runs: number): Promise<string[]> {
  const told: string[] = [];
  await gold.empty();
  for (let run = 1; run <= runs; run += 1) {
    const id = `run-${run}`;
    const step = run === 1 ? history.begin() : history.next();
    await gold.take(step, id, run);
    if (random.chance(0.4) && run < runs) {
      told.push(`${step.what}: ${await kill(gold, random, id)}`);
      // Its minutes come with the next run, which has a plan of its own, or it is started again.
      if (random.chance(0.5)) continue;
    }
    await gold.run(id);
    told.push(`${step.what}: run`);
  }
  return told;
}

async function kill(gold: GoldStack, random: Random, runId: string): Promise<string> {
  const at = random.between(1, QUERIES);
  const forgets = random.chance(0.5) ? random.between(0, 1e6) : undefined;
  if (!(await gold.runAndKill(runId, at))) return 'ended before it was to be killed';
  const [found] = await gold.query('gold_tables.sql', tables);
  if (forgets === undefined || found?.tables !== 4) return `killed at query ${at}`;
  await gold.runFile('forget_some.sql', { seed: forgets });
  return `killed at query ${at}, some of its rows not visible`;
}
