import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { withoutComments } from '../../../tasks/src/lib/sql.ts';
import { plannedMinutes, sparkJobs } from '../../../tasks/src/lib/spark/jobs.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const stretch = (start: string, end: string, symbol = 'A'): { symbol: string; start: string; end: string } => ({
  symbol,
  start: `2026-01-02T${start}:00.000Z`,
  end: `2026-01-02T${end}:00.000Z`,
});

describe('the planned minutes', () => {
  it('are counted over all symbols and stretches, and bounded by the first start and the last end', () => {
    const minutes = [stretch('10:00', '10:03'), stretch('09:58', '09:59', 'B'), stretch('10:07', '10:09')];
    expect(plannedMinutes({ minutes })).to.deep.equal({
      stretches: minutes,
      count: 6,
      start: '2026-01-02T09:58:00.000Z',
      end: '2026-01-02T10:09:00.000Z',
    });
  });

  it('are none when the plan has none: no Spark is started for it', () => {
    expect(plannedMinutes({ minutes: [] })).to.equal(undefined);
  });

  it('are refused when a stretch is not whole minutes or has no length', () => {
    const odd = { symbol: 'A', start: '2026-01-02T10:00:30.000Z', end: '2026-01-02T10:01:30.000Z' };
    for (const wrong of [odd, stretch('10:01', '10:01'), stretch('10:02', '10:01')]) {
      expect(() => plannedMinutes({ minutes: [wrong] }), wrong.start).to.throw(/wanted whole minutes/);
    }
  });
});

describe('the Spark SQL jobs', () => {
  it('are the files of spark-sql/', () => {
    const files = readdirSync(join(ROOT, 'spark-sql')).filter((file) => file.endsWith('.sql'));
    expect(files.map((file) => file.slice(0, -'.sql'.length)).sort()).to.deep.equal(Object.keys(sparkJobs).sort());
  });

  for (const [name, job] of Object.entries(sparkJobs)) {
    it(`${name} gets every parameter that its statement names, and no other`, () => {
      const minutes = plannedMinutes({ minutes: [stretch('10:00', '10:01')] });
      if (minutes === undefined) throw new Error('the stretch has a minute');
      const sql = withoutComments(readFileSync(join(ROOT, 'spark-sql', `${name}.sql`), 'utf8'));
      const named = new Set([...sql.matchAll(/(?<=[\s(]):([a-z_]+)/g)].map((match) => match[1]));
      expect([...named].sort()).to.deep.equal(Object.keys(job.parameters(minutes)).sort());
    });

    it(`${name} changes the table that its result is read from`, () => {
      const sql = withoutComments(readFileSync(join(ROOT, 'spark-sql', `${name}.sql`), 'utf8'));
      expect(sql).to.match(new RegExp(`^MERGE INTO ${job.target.replaceAll('.', '\\.')} `));
    });
  }
});
