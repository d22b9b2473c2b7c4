import type { Gap, LedgerReport, Open, Problem, Stage } from './report.ts';

const OPEN_NAMES: Readonly<Record<keyof Open, string>> = {
  trades_above_counts: 'trades newer than the last counts',
  refused_above_counts: 'refused trades newer than the last counts',
  new_connections: 'connections opened while the ledger was read',
  refused_in_flight: 'refused trades and frames in Kafka that are not in bronze yet',
  minutes: 'symbol-minutes that have no stream candle yet',
  trades_in_open_minutes: 'trades in these',
  unfinished_minutes: 'symbol-minutes that no finished run of gold answers for as they are',
  trades_in_unfinished_minutes: 'trades in these',
  uncovered_history_trades: 'trades of fetches from history that have not ended: they count nowhere',
  incomplete_coverages: 'fetches from history whose trades are not all in bronze yet',
  undecided_records: 'records in transactions that are neither committed nor aborted',
  expired_connections: 'connections whose events are gone from Kafka by its retention',
  expired_sequences: 'identities gone from Kafka by its retention',
  expired_minutes: 'symbol-minutes older than what Kafka holds whole',
  trades_in_expired_minutes: 'trades in these',
};

/** The report as a person reads it. */
export function ledgerTable(report: LedgerReport): string {
  const rows = report.stages.map((stage) => {
    switch (stage.stage) {
      case 'received':
        return ['received', 'counted by the sources', stage.trades, stage.refused, stage.refused_frames];
      case 'kafka':
        return ['kafka', 'topics trades and trades-dlq', stage.trades, stage.refused, stage.refused_frames];
      case 'bronze':
        return ['bronze', 'Iceberg lake.bronze', stage.trades, stage.refused, stage.refused_frames];
      case 'history':
        return ['history', 'Iceberg lake.bronze.trades_history', stage.trades, '', ''];
      case 'stream_candles':
        return ['stream_candles', 'ClickHouse silver.candles_1m', stage.trades, '', ''];
      case 'batch_candles':
        return ['batch_candles', 'Iceberg lake.silver.candles_1m', stage.trades, '', ''];
      case 'gold':
        return ['gold', 'ClickHouse gold.candles', stage.trades, '', ''];
    }
  });
  const open = Object.entries(report.open)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `  ${count} ${OPEN_NAMES[name as keyof Open]}`);
  const gaps = report.gaps.map((gap) => `  ${gapText(gap)}`);
  const problems = report.problems.map((p) => `  ${problemText(p)}`);
  const more = report.problem_count - report.problems.length;
  const { window } = report;
  return [
    ...(window === null
      ? []
      : [`Minutes, candles and gaps of ${window.start} to ${window.end}; identities of all time.`, '']),
    ...columns([['stage', '', 'trades', 'refused', 'refused frames'], ...rows]),
    ...section('Open, which is no failure:', [...inFlight(report.stages), ...open]),
    ...section('Late, which is no failure:', late(report.stages)),
    ...section('History, in place of what the stream had:', history(report.stages)),
    ...section(gapTitle(report.gaps), gaps),
    ...section('Problems:', more > 0 ? [...problems, `  and ${more} more`] : problems),
    '',
    report.balanced ? 'The ledger balances.' : `The ledger does not balance: ${report.problem_count} problem(s).`,
  ].join('\n');
}

function inFlight(stages: readonly Stage[]): readonly string[] {
  return stages.flatMap((stage) =>
    stage.stage === 'bronze' && stage.in_flight > 0
      ? [`  ${stage.in_flight} trades in Kafka that are not in bronze yet`]
      : [],
  );
}

function late(stages: readonly Stage[]): readonly string[] {
  return stages.flatMap((stage) =>
    stage.stage === 'stream_candles' && (stage.late ?? 0) > 0
      ? [`  ${stage.late} trades came after the stream candle of their minute; gold takes the batch candle`]
      : [],
  );
}

function history(stages: readonly Stage[]): readonly string[] {
  return stages.flatMap((stage) =>
    stage.stage === 'history'
      ? [
          `  ${stage.covered_minutes} symbol-minutes are covered: ${stage.counted} trades of history in place of ${stage.replaced}` +
            (stage.in_flight > 0 ? `; ${stage.in_flight} are on their way to bronze` : ''),
        ]
      : [],
  );
}

function gapTitle(gaps: readonly Gap[]): string {
  const count = (state: Gap['state']): number => gaps.filter((gap) => gap.state === state).length;
  return `Gaps (${count('open')} open, ${count('filled')} filled, ${count('lost')} lost):`;
}

/** A gap on one line, with the ids that are missing where the venue's ids tell. */
function gapText({
  feed,
  state,
  from,
  to,
  reason,
  symbols,
  first_missing_id: first,
  last_missing_id: last,
}: Gap): string {
  const ids = first === null || last === null ? '' : first === last ? `, id ${first}` : `, ids ${first} to ${last}`;
  return `${state}: ${feed}: ${from} to ${to}, ${reason ?? 'no reason given'} (${symbols.join(', ')}${ids})`;
}

/** A problem on one line, with where to look. */
export function problemText(problem: Problem): string {
  const at = problem.at ?? [];
  return `${problem.stage}: ${problem.message}${at.length === 0 ? '' : ` (${at.join(', ')})`}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

/** Text to the left, numbers to the right. */
function columns(rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => String(row[column] ?? '').length));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? String(cell).padEnd(width(i)) : String(cell).padStart(width(i))))
      .join('  ')
      .trimEnd(),
  );
}
