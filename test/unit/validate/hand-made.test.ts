import { expect } from 'chai';
import { RowChanges, handMade, type BronzeSnapshot } from '../../../tasks/src/lib/validate/hand-made.ts';

const snapshot = (changes: Partial<BronzeSnapshot> = {}): BronzeSnapshot => ({
  table_name: 'trades',
  snapshot_id: '12',
  parent_id: '11',
  operation: 'overwrite',
  committed_at: '2026-01-31T12:00:00.000Z',
  made_by: 'somebody with Trino',
  changed_records: 2,
  is_regular: false,
  ...changes,
});

describe('snapshots made by hand', () => {
  it('are those that are neither the sink’s nor maintenance, and changed a record', () => {
    const own = snapshot({ is_regular: true, operation: 'append' });
    const creation = snapshot({ changed_records: 0, operation: 'append', parent_id: null });
    const altered = snapshot();
    expect(handMade([own, creation, altered])).to.deep.equal([altered]);
  });

  it('name the snapshot and the row, and of an altered row what the sink had written first', () => {
    const changes = new RowChanges();
    changes.add(snapshot(), '{"price":2}', 1);
    changes.add(snapshot(), '{"price":1}', -1);
    expect(changes.problems(5)).to.deep.equal([
      'lake.bronze.trades: snapshot 12 (overwrite by somebody with Trino at 2026-01-31T12:00:00.000Z) is neither the sink\'s nor maintenance: the row {"price":1} was removed',
      'lake.bronze.trades: snapshot 12 (overwrite by somebody with Trino at 2026-01-31T12:00:00.000Z) is neither the sink\'s nor maintenance: the row {"price":2} was added',
    ]);
  });

  it('are no problem any more once their rows are as the sink wrote them', () => {
    const changes = new RowChanges();
    changes.add(snapshot(), 'old', -1);
    changes.add(snapshot(), 'new', 1);
    changes.add(snapshot({ snapshot_id: '15', parent_id: '14' }), 'new', -1);
    changes.add(snapshot({ snapshot_id: '15', parent_id: '14' }), 'old', 1);
    expect(changes.size).to.equal(0);
  });

  it('do not heal a row of one table by the same row of another', () => {
    const changes = new RowChanges();
    changes.add(snapshot(), 'row', -1);
    changes.add(snapshot({ table_name: 'trades_dlq' }), 'row', 1);
    expect(changes.size).to.equal(2);
  });
});
