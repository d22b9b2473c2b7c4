import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, Figure } from '../../test/bench/lib/bench.ts';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import type { StackCommand } from '../lib/command.ts';

/**
 * npm run -s bench -- NAME [--json] [--only METRIC,METRIC] [options of the bench].
 * With --json one line of JSON for each figure on stdout and nothing else; progress goes to stderr.
 */
export const bench: StackCommand = async ({ args, stack, signal }) => {
  // Loaded by this command alone: a bench brings what the stack itself does without.
  const { benches } = await import('../../test/bench/index.ts');
  const { figureTable, jsonLine } = await import('../../test/bench/lib/report.ts');
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const [name = '', ...rest] = args;
  const found = benches[name];
  if (found === undefined) throw usage(`There is no bench ${name === '' ? 'without a name' : name}.`, benches);
  const { json, only, options } = readArgs(name, found, rest);
  say(`${name}: ${found.about} ${machine()}`);
  const figures: Figure[] = [];
  await found.run({
    stack,
    signal,
    say,
    figure(figure) {
      figures.push(figure);
      if (json) process.stdout.write(`${jsonLine(name, figure)}\n`);
      else say(`  ${figure.metric}: ${figure.value.toFixed(3)} ${figure.unit}`);
    },
    option: (key) => options.get(key) ?? NaN,
    wants: (...metrics) => only.length === 0 || metrics.some((metric) => only.includes(metric)),
  });
  const missing = (only.length > 0 ? only : found.metrics).filter((m) => !figures.some((f) => f.metric === m));
  if (missing.length > 0)
    throw new RatehouseError('RATEHOUSE_REFUSED', `${name} ended without figures for ${missing.join(', ')}.`);
  if (!json) process.stdout.write(`${figureTable(figures)}\n`);
  return 0;
};

interface BenchArgs {
  readonly json: boolean;
  readonly only: readonly string[];
  readonly options: ReadonlyMap<string, number>;
}

export function readArgs(name: string, bench: Bench, args: readonly string[]): BenchArgs {
  const wrong = (why: string, cause?: unknown): RatehouseError =>
    new RatehouseError('RATEHOUSE_USAGE', `${why}\n${helpOf(name, bench)}`, { cause });
  const string = { type: 'string' } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        only: string,
        ...Object.fromEntries(Object.keys(bench.options).map((key) => [key, string])),
      },
      strict: true,
    }));
  } catch (cause) {
    throw wrong(`${name} does not take that.`, cause);
  }
  const only = typeof values['only'] === 'string' ? values['only'].split(',') : [];
  const unknown = only.filter((metric) => !bench.metrics.includes(metric));
  if (unknown.length > 0) throw wrong(`${name} does not measure ${unknown.join(', ')}.`);
  const options = new Map<string, number>();
  for (const [key, { value }] of Object.entries(bench.options)) {
    const given = Number(values[key] ?? value);
    if (!(given > 0)) throw wrong(`--${key} wants a number above 0; found ${String(values[key])}.`);
    options.set(key, given);
  }
  return { json: values['json'] === true, only, options };
}

function helpOf(name: string, bench: Bench): string {
  const options = Object.entries(bench.options).map(([key, { about, value }]) => `  --${key} N  ${about} (${value})`);
  return [
    `npm run -s bench -- ${name} [--json] [--only METRIC,METRIC]`,
    ...options,
    `Metrics: ${bench.metrics.join(', ')}.`,
  ].join('\n');
}

function usage(why: string, benches: Readonly<Record<string, Bench>>): RatehouseError {
  const known = Object.entries(benches).map(([name, { about }]) => `  ${name}  ${about}`);
  return new RatehouseError('RATEHOUSE_USAGE', `${why} Known:\n${known.join('\n')}`);
}

/** What the figures depend on beside the code: a machine that has other work gives others. */
function machine(): string {
  return `(${cpus().length} cores, load ${loadavg()[0]?.toFixed(2) ?? '?'} before it began)`;
}
