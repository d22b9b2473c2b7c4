import { expect } from 'chai';
import { readArgs } from '../../../stack/commands/bench.ts';
import type { Bench } from '../../bench/lib/bench.ts';
import { figureTable, jsonLine } from '../../bench/lib/report.ts';

const bench: Bench = {
  about: 'a bench',
  metrics: ['rows_per_s', 'p99_ms'],
  options: { seconds: { about: 'measured seconds', value: 30 } },
  run: () => Promise.resolve(),
};

describe('npm run bench', () => {
  it('takes the defaults of the bench, and what is given instead', () => {
    expect([...readArgs('b', bench, []).options]).to.deep.equal([['seconds', 30]]);
    expect([...readArgs('b', bench, ['--seconds', '5']).options]).to.deep.equal([['seconds', 5]]);
    expect(readArgs('b', bench, ['--only', 'p99_ms', '--json'])).to.deep.include({ only: ['p99_ms'], json: true });
  });

  for (const [what, args] of [
    ['an option that it does not have', ['--minutes', '3']],
    ['a metric that it does not measure', ['--only', 'p99_ms,p50_ms']],
    ['a number of seconds that is none', ['--seconds', 'many']],
    ['no seconds at all', ['--seconds', '0']],
  ] as const) {
    it(`refuses ${what}, and says what it takes`, () => {
      expect(() => readArgs('b', bench, args))
        .to.throw(/--seconds N {2}measured seconds \(30\)[^]*rows_per_s, p99_ms/)
        .with.property('code', 'RATEHOUSE_USAGE');
    });
  }

  it('writes a figure as one line of JSON, without what it does not have', () => {
    const figure = { metric: 'rows_per_s', value: 1234.56789, unit: 'rows/s', better: 'higher' } as const;
    expect(jsonLine('b', figure)).to.equal(
      '{"bench":"b","metric":"rows_per_s","value":1234.568,"unit":"rows/s","better":"higher"}',
    );
    expect(JSON.parse(jsonLine('b', { ...figure, goal: 1000, baseline: 617 }))).to.include({
      goal: 1000,
      baseline: 617,
    });
  });

  it('tells a person which goals were met, by the side that is better', () => {
    const rows = figureTable([
      { metric: 'rows_per_s', value: 900, unit: 'rows/s', better: 'higher', goal: 1000, baseline: 450 },
      { metric: 'p99_ms', value: 90, unit: 'ms', better: 'lower', goal: 100, baseline: 45 },
    ]).split('\n');
    expect(rows[1]).to.match(/>= 1,000 +missed +450 +2.00 x/);
    expect(rows[2]).to.match(/<= 100 +met +45 +0.50 x/);
  });
});
