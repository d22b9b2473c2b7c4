import { z } from 'zod';

/** What a check looked at, and what was wrong there: the count, and the first problems in words. */
export interface Finding {
  readonly rows_checked: number;
  readonly problem_count: number;
  readonly problems: readonly string[];
}

/** How many problems a check names; it counts them all. */
export const PROBLEMS_NAMED = 5;

/** The one row of a check's .sql file. */
export const findingRow = z.object({
  rows_checked: z.int(),
  problem_count: z.int(),
  problems: z
    .array(z.string())
    .nullable()
    .transform((list) => list ?? []),
});

/** A check's verdict, as gold.validations has it. */
export interface Verdict {
  readonly check_name: string;
  readonly passed: boolean;
  readonly rows_checked: number;
  readonly problem_count: number;
  /** Empty when the check passed. */
  readonly first_problem: string;
}

/** The name of the verdict over all checks of a run. */
export const RUN = 'run';

/** A check that looked at nothing has shown nothing: it fails. */
export function judge(check_name: string, { rows_checked, problem_count, problems }: Finding): Verdict {
  if (problem_count > 0 || problems.length > 0)
    return {
      check_name,
      passed: false,
      rows_checked,
      problem_count: Math.max(problem_count, problems.length),
      first_problem: problems[0] ?? 'it does not say what',
    };
  if (rows_checked <= 0)
    return { check_name, passed: false, rows_checked: 0, problem_count: 1, first_problem: 'there was no row to check' };
  return { check_name, passed: true, rows_checked, problem_count: 0, first_problem: '' };
}

/** The verdict over a run: passed when all checks passed, and there was one. */
export function judgeRun(verdicts: readonly Verdict[]): Verdict {
  const failed = verdicts.filter((v) => !v.passed);
  return {
    check_name: RUN,
    passed: verdicts.length > 0 && failed.length === 0,
    rows_checked: verdicts.reduce((sum, v) => sum + v.rows_checked, 0),
    problem_count: verdicts.reduce((sum, v) => sum + v.problem_count, 0),
    first_problem: failed.map((v) => `${v.check_name}: ${v.first_problem}`).join('; '),
  };
}

/** One finding over several parts of the same check. */
export function together(findings: readonly Finding[]): Finding {
  return {
    rows_checked: findings.reduce((sum, f) => sum + f.rows_checked, 0),
    problem_count: findings.reduce((sum, f) => sum + f.problem_count, 0),
    problems: findings.flatMap((f) => f.problems).slice(0, PROBLEMS_NAMED),
  };
}
