import { expect } from 'chai';
import type { Plan } from '../../../tasks/src/lib/plan/plan.ts';
import { scopeOf } from '../../../tasks/src/lib/validate/scope.ts';

const plan: Plan = {
  run_id: 'r5',
  sequence: 5,
  kind: 'snapshots',
  snapshot_id: '7',
  coverage: { '0': 50 },
  offsets: { '0': 500 },
  horizon: '2026-01-31T12:00:07.146Z',
  minutes: [
    { symbol: 'A', start: '2026-01-31T11:30:00.000Z', end: '2026-01-31T11:31:00.000Z' },
    { symbol: 'B', start: '2026-01-30T10:00:00.000Z', end: '2026-01-30T10:09:00.000Z' },
  ],
  deferred: [],
};
const base: Plan = {
  ...plan,
  run_id: 'r4',
  sequence: 4,
  offsets: { '0': 400 },
  coverage: { '0': 40 },
  horizon: '2026-01-31T11:55:59.999Z',
};

describe('what a run answers for', () => {
  it('is all that it has seen, when it went on from where the last validated run ended', () => {
    expect(scopeOf(plan, base)).to.include({ base_run_id: 'r5', seen: '{"0":500}', settled: '{"0":500}' });
  });

  it('is, beside its own minutes, what the last validated run had seen, when it computed a window', () => {
    expect(scopeOf({ ...plan, kind: 'window' }, base)).to.include({
      base_run_id: 'r4',
      seen: '{"0":500}',
      settled: '{"0":400}',
    });
  });

  it('goes by the same of history: what the run had read of it, and what a run over a window leaves', () => {
    expect(scopeOf(plan, base)).to.include({ coverage_seen: '{"0":50}', coverage_settled: '{"0":50}' });
    expect(scopeOf({ ...plan, kind: 'window' }, base)).to.include({
      coverage_seen: '{"0":50}',
      coverage_settled: '{"0":40}',
    });
  });

  it('counts as closed in the stream what a trade of a minute before its horizon has closed', () => {
    expect(scopeOf(plan, base).received_until).to.deep.equal(new Date('2026-01-31T11:59:07.146Z'));
  });

  it('is its own minutes alone, when it computed a window before any run was validated', () => {
    expect(scopeOf({ ...plan, kind: 'window' }, undefined)).to.include({ base_run_id: 'r5', settled: '{}' });
  });

  it('ends with the last whole minute below the horizon, and spans the minutes of all symbols', () => {
    expect(scopeOf(plan, undefined)).to.deep.include({
      settled_horizon: new Date('2026-01-31T12:00:00Z'),
      start: new Date('2026-01-30T10:00:00Z'),
      end: new Date('2026-01-31T11:31:00Z'),
    });
  });

  it('leaves to the next run what the last validated one had deferred, when it computed a window', () => {
    expect(scopeOf({ ...plan, kind: 'window' }, base).settled_horizon).to.deep.equal(new Date('2026-01-31T11:55:00Z'));
  });
});
