import { expect } from 'chai';
import { expiryOf, neededSince, type Snapshot } from '../../../tasks/src/lib/maintain/expiry.ts';

const MINUTE = 60_000;
const at = (minute: number): Snapshot => ({ snapshot_id: `${minute}`, committed_at: minute * MINUTE });
const every = (...minutes: number[]): Snapshot[] => minutes.map(at);
const policy = { keepMs: 40 * MINUTE };
const gone = (snapshots: readonly Snapshot[], now: number, needed?: number): string[] => {
  const expiry = expiryOf(snapshots, policy, now * MINUTE, needed === undefined ? undefined : needed * MINUTE);
  const ids = snapshots.filter(({ committed_at }) => committed_at < (expiry?.before ?? -Infinity));
  expect(ids.length, 'what is said to go').to.equal(expiry?.snapshots ?? 0);
  return ids.map(({ snapshot_id }) => snapshot_id);
};

describe('a snapshot of the lake', () => {
  it('goes 40 minutes after the next one took its place', () => {
    expect(gone(every(0, 10, 20, 70), 59.9)).to.deep.equal(['0']);
    expect(gone(every(0, 10, 20, 70), 60)).to.deep.equal(['0', '10']);
  });

  it('stays while it is current, and for 40 minutes more, for who reads it then', () => {
    expect(gone(every(0), 10_000)).to.deep.equal([]);
    expect(gone(every(0, 9990), 10_000)).to.deep.equal([]);
    expect(gone(every(0, 9990), 10_030)).to.deep.equal(['0']);
  });

  it('stays when it was current as the last validated run was planned, and so do all after it', () => {
    expect(gone(every(0, 10, 20, 30, 40), 1000, 20)).to.deep.equal(['0', '10']);
    expect(gone(every(0, 10, 20, 30, 40), 1000, 25), 'of another table than the run names').to.deep.equal(['0', '10']);
    expect(gone(every(0, 10, 20), 1000, -Infinity)).to.deep.equal([]);
  });

  it('that comes next stays, though expiry begins a little after it was planned', () => {
    const { before } = expiryOf(every(0, 10, 20), policy, 1000 * MINUTE) ?? { before: NaN };
    expect(before).to.equal(20 * MINUTE - 5000);
  });

  it('is not looked for where there is none', () => {
    expect(expiryOf([], policy, 0)).to.equal(undefined);
  });
});

describe('the history that runs of gold need', () => {
  const trades = every(0, 10, 20);
  const run = (snapshot_id: string | null): { run_id: string; snapshot_id: string | null } => ({
    run_id: `run ${snapshot_id ?? ''}`,
    snapshot_id,
  });

  it('begins with the oldest snapshot that one of them was planned over', () => {
    expect(neededSince([run('20'), run('10')], trades)).to.deep.equal({ since: 10 * MINUTE, lost: [] });
  });

  it('is all of it for a run that was planned before there was a snapshot, and none without a run', () => {
    expect(neededSince([run('20'), run(null)], trades).since).to.equal(-Infinity);
    expect(neededSince([], trades).since).to.equal(undefined);
  });

  it('names the runs whose snapshot is gone', () => {
    expect(neededSince([run('20'), run('5')], trades)).to.deep.equal({ since: 20 * MINUTE, lost: ['run 5'] });
  });
});
