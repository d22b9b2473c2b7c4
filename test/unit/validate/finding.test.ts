import { expect } from 'chai';
import { PROBLEMS_NAMED, findingRow, judge, judgeRun, together } from '../../../tasks/src/lib/validate/finding.ts';

const clean = { rows_checked: 10, problem_count: 0, problems: [] };

describe('the verdict of a check', () => {
  it('is passed when rows were looked at and nothing was wrong', () => {
    expect(judge('candles', clean)).to.include({ passed: true, rows_checked: 10, first_problem: '' });
  });

  it('is failed when there was nothing to look at: no rows prove nothing', () => {
    const verdict = judge('candles', { ...clean, rows_checked: 0 });
    expect(verdict).to.include({ passed: false, problem_count: 1, first_problem: 'there was no row to check' });
  });

  it('is failed by a problem, and says the first one', () => {
    const verdict = judge('macd', { rows_checked: 10, problem_count: 2, problems: ['bar 35', 'bar 36'] });
    expect(verdict).to.include({ passed: false, problem_count: 2, first_problem: 'bar 35' });
  });

  it('is failed when a count and its problems contradict each other, either way', () => {
    expect(judge('macd', { ...clean, problem_count: 3 }).passed).to.equal(false);
    expect(judge('macd', { ...clean, problems: ['bar 35'] })).to.include({ passed: false, problem_count: 1 });
  });

  it('is made of a query that gives null for no problems, and of no other row', () => {
    expect(findingRow.parse({ rows_checked: 1, problem_count: 0, problems: null }).problems).to.deep.equal([]);
    for (const row of [
      {},
      { rows_checked: null, problem_count: 0, problems: null },
      { rows_checked: 1, problem_count: 0 },
    ])
      expect(findingRow.safeParse(row).success, JSON.stringify(row)).to.equal(false);
  });
});

describe('the verdict of a run', () => {
  it('is passed when every check is', () => {
    expect(judgeRun([judge('a', clean), judge('b', clean)])).to.include({ check_name: 'run', passed: true });
  });

  it('is failed by one check, and names each that failed with its first problem', () => {
    const run = judgeRun([
      judge('a', clean),
      judge('b', { ...clean, problem_count: 1, problems: ['row 7'] }),
      judge('c', { ...clean, rows_checked: 0 }),
    ]);
    expect(run).to.include({ passed: false, problem_count: 2 });
    expect(run.first_problem).to.equal('b: row 7; c: there was no row to check');
  });

  it('is failed when no check was run', () => {
    expect(judgeRun([]).passed).to.equal(false);
  });
});

describe('findings over parts', () => {
  it('are one: the sums, and the first problems', () => {
    const part = { rows_checked: 5, problem_count: 4, problems: ['1', '2', '3', '4'] };
    const whole = together([clean, part, part]);
    expect(whole).to.include({ rows_checked: 20, problem_count: 8 });
    expect(whole.problems).to.have.length(PROBLEMS_NAMED);
  });
});
