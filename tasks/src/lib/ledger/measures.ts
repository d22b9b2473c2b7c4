import type { ClickHouse } from '../clickhouse.ts';
import type { LedgerReport } from './report.ts';

export interface Measure {
  readonly stage: string;
  readonly measure: string;
  readonly value: number;
}

/** The numbers of a report as rows: what gold.ledger has of each look, see tasks/sql/clickhouse/ledger.sql. */
export function measuresOf(report: LedgerReport): readonly Measure[] {
  const numbers = (stage: string, counts: Readonly<Record<string, unknown>>): Measure[] =>
    Object.entries(counts).flatMap(([measure, value]) =>
      typeof value === 'number' ? [{ stage, measure, value }] : [],
    );
  const gaps = { open: 0, filled: 0, lost: 0 };
  for (const { state } of report.gaps) gaps[state] += 1;
  return [
    ...report.stages.flatMap(({ stage, ...counts }) => numbers(stage, counts)),
    ...numbers('open', report.open),
    ...numbers('gaps', gaps),
    ...report.problems_by_stage.map(({ stage, problems }) => ({ stage, measure: 'problems', value: problems })),
    ...numbers('ledger', { balanced: report.balanced ? 1 : 0, problems: report.problem_count }),
  ];
}

/** Writes a report to gold.ledger, in one insert: a look is there whole or not at all. */
export async function writeMeasures(
  clickhouse: ClickHouse,
  report: LedgerReport,
  { run_id, looked_at }: { readonly run_id: string; readonly looked_at: string },
): Promise<void> {
  await clickhouse.insert(
    'gold.ledger',
    measuresOf(report).map((measure) => ({ looked_at, run_id, ...measure })),
  );
}
