import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RatehouseError, describe } from '../error.ts';

/** What is read of dbt's run_results.json. */
const runResults = z.object({
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      message: z.string().nullable(),
      execution_time: z.number(),
      failures: z.number().nullish(),
      compiled_code: z.string().nullish(),
      adapter_response: z.object({ query_id: z.string().optional() }),
    }),
  ),
});

type NodeResult = z.output<typeof runResults>['results'][number];

export interface ModelResult {
  readonly name: string;
  readonly status: string;
  readonly seconds: number;
  readonly queryId: string | undefined;
}

/** A type, for it is part of the task's result, which is JSON. */
export type TestResult = {
  readonly name: string;
  readonly status: string;
  readonly seconds: number;
  /** Rows that the test found fault with. */
  readonly failures: number;
};

export interface DbtResults {
  readonly models: readonly ModelResult[];
  readonly tests: {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly each: readonly TestResult[];
  };
  /** The first that failed, with dbt's message; of a test its query, which gives the rows that it found fault with. */
  readonly firstFailure: { readonly message: string; readonly query: string | undefined } | undefined;
}

const GOOD: readonly string[] = ['success', 'pass', 'warn'];

export function readResults(file: string): DbtResults {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `dbt left no results that can be read: ${describe(error)}`);
  }
  const parsed = runResults.safeParse(json);
  if (!parsed.success) {
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `dbt's results are not what was expected: ${describe(parsed.error)}`,
    );
  }
  return summarize(parsed.data.results);
}

function summarize(all: readonly NodeResult[]): DbtResults {
  const isModel = ({ unique_id }: NodeResult): boolean => unique_id.startsWith('model.');
  const isTest = ({ unique_id }: NodeResult): boolean => unique_id.startsWith('test.');
  // What does not run, such as an exposure, is in dbt's results as well.
  const results = all.filter((result) => isModel(result) || isTest(result));
  const tests = results.filter(isTest);
  const count = (wanted: (status: string) => boolean): number => tests.filter(({ status }) => wanted(status)).length;
  const failure = results.find(({ status }) => !GOOD.includes(status) && status !== 'skipped');
  return {
    models: results.filter(isModel).map((result) => ({
      name: nameOf(result),
      status: result.status,
      seconds: secondsOf(result),
      queryId: result.adapter_response.query_id,
    })),
    tests: {
      passed: count((status) => GOOD.includes(status)),
      failed: count((status) => !GOOD.includes(status) && status !== 'skipped'),
      skipped: count((status) => status === 'skipped'),
      each: tests.map((result) => ({
        name: nameOf(result),
        status: result.status,
        seconds: secondsOf(result),
        failures: result.failures ?? 0,
      })),
    },
    firstFailure:
      failure === undefined
        ? undefined
        : {
            message: `${nameOf(failure)}: ${failure.message?.trim() ?? failure.status}`,
            query: failure.status === 'fail' ? (failure.compiled_code ?? undefined) : undefined,
          },
  };
}

const secondsOf = ({ execution_time }: NodeResult): number => Math.round(execution_time * 1000) / 1000;

/** Of `model.ratehouse.candles` candles; of `test.ratehouse.not_null_candles_close.cf57f44dbc` not_null_candles_close. */
const nameOf = ({ unique_id }: NodeResult): string => unique_id.split('.')[2] ?? unique_id;
