import { join } from 'node:path';
import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import { writeMeasures } from '../ledger/measures.ts';
import { readLedger, type LedgerSources } from '../ledger/read.ts';
import { problemText } from '../ledger/table.ts';
import type { Trino } from '../trino.ts';
import type { TrinoParameters } from '../trino-parameters.ts';
import { PROBLEMS_NAMED, findingRow, together, type Finding } from './finding.ts';
import { partsOf, type Day, type Part } from './parts.ts';
import type { Scope } from './scope.ts';
import { checkBronzeSnapshots } from './snapshots.ts';

export interface CheckSources extends Omit<LedgerSources, 'trino'> {
  readonly trino: Trino;
  readonly scope: Scope;
  /** Of lake.bronze.trades, as of the start of the validation: the stream goes on meanwhile. */
  readonly snapshot: bigint;
}

export interface Check {
  readonly name: string;
  run(sources: CheckSources): Promise<Finding>;
}

/** Trades whose candles are compared at a time: their groups and the candles of both sides fit into a small server's memory. */
const TRADES_AT_A_TIME = 1_000_000;

/** In the order in which they are run and reported. */
export const checks: readonly Check[] = [
  { name: 'bronze_snapshots', run: ({ trino, root }) => checkBronzeSnapshots(trino, root) },
  { name: 'unique_keys', run: (sources) => ask(sources, 'unique_keys', {}) },
  { name: 'candles', run: checkCandles },
  { name: 'moving_averages', run: checkAverages },
  { name: 'bars', run: (sources) => ask(sources, 'bars', {}) },
  { name: 'macd', run: (sources) => ask(sources, 'macd', {}) },
  { name: 'freshness', run: checkFreshness },
  { name: 'plans', run: (sources) => ask(sources, 'plans', { snapshot: sources.snapshot }) },
  { name: 'ledger', run: checkLedger },
];

async function ask({ trino, root }: CheckSources, name: string, parameters: TrinoParameters): Promise<Finding> {
  const file = join(root, 'trino', 'checks', `${name}.sql`);
  let finding: Finding | undefined;
  for await (const row of trino.queryFile(file, findingRow, parameters)) finding = row;
  if (finding === undefined)
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `${file} gave no row; wanted its one finding.`);
  return finding;
}

/** All of time, in parts of so many trades. */
async function parts({ trino, root }: CheckSources): Promise<readonly Part[]> {
  const days: Day[] = [];
  const row = z.object({ first_day: z.string(), trades: z.int() });
  for await (const day of trino.queryFile(join(root, 'trino', 'checks', 'candle_days.sql'), row)) days.push(day);
  return partsOf(days, TRADES_AT_A_TIME);
}

async function checkAverages(sources: CheckSources): Promise<Finding> {
  const { snapshot, scope } = sources;
  const findings: Finding[] = [];
  for (const { from, to } of await parts(sources))
    findings.push(await ask(sources, 'moving_averages', { snapshot, from, to, received_until: scope.received_until }));
  return together(findings);
}

async function checkCandles(sources: CheckSources): Promise<Finding> {
  const { snapshot, scope } = sources;
  const findings: Finding[] = [];
  for (const { from, to } of await parts(sources)) {
    const { run_id, base_run_id, seen, settled, coverage_seen, coverage_settled } = scope;
    const given = { run_id, base_run_id, seen, settled, coverage_seen, coverage_settled };
    findings.push(await ask(sources, 'candles', { ...given, snapshot, from, to }));
  }
  return together(findings);
}

function checkFreshness(sources: CheckSources): Promise<Finding> {
  const { seen, settled, settled_horizon, start, end } = sources.scope;
  return ask(sources, 'freshness', { seen, settled, settled_horizon, start, end, snapshot: sources.snapshot });
}

/** The ledger leaves this run's minutes open, for no run answers for them before it is validated: the checks above do. */
async function checkLedger(sources: CheckSources): Promise<Finding> {
  const report = await readLedger(sources);
  const { clickhouse, scope } = sources;
  await writeMeasures(clickhouse, report, { run_id: scope.run_id, looked_at: new Date().toISOString() });
  return {
    rows_checked: report.stages.reduce((sum, { trades }) => sum + trades, 0),
    problem_count: report.problem_count,
    problems: report.problems.slice(0, PROBLEMS_NAMED).map(problemText),
  };
}
