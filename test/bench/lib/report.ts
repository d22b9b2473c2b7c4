import { table } from '../../../stack/lib/status.ts';
import type { Figure } from './bench.ts';

/** One line of JSON for a machine; what does not apply is absent. Three digits after the point say all that such a run can know. */
export function jsonLine(bench: string, figure: Figure): string {
  const { metric, value, unit, better, goal, baseline } = figure;
  return JSON.stringify({
    bench,
    metric,
    value: round(value),
    unit,
    better,
    ...(goal === undefined ? {} : { goal }),
    ...(baseline === undefined ? {} : { baseline: round(baseline) }),
  });
}

/** The figures as a person reads them, with what was wanted beside what was found. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ metric, value, unit, better, goal, baseline }) => [
    metric,
    number(value),
    unit,
    goal === undefined ? '' : `${better === 'higher' ? '>=' : '<='} ${number(goal)}`,
    goal === undefined ? '' : meets(value, goal, better) ? 'met' : 'missed',
    baseline === undefined ? '' : number(baseline),
    baseline === undefined ? '' : ratio(value, baseline, better),
  ]);
  return table([['metric', 'value', 'unit', 'goal', '', 'baseline', ''], ...rows]);
}

function meets(value: number, goal: number, better: Figure['better']): boolean {
  return better === 'higher' ? value >= goal : value <= goal;
}

/** How many times better than the baseline. */
function ratio(value: number, baseline: number, better: Figure['better']): string {
  const times = better === 'higher' ? value / baseline : baseline / value;
  return Number.isFinite(times) ? `${times.toFixed(2)} x as good` : '';
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
