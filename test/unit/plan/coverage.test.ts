import { expect } from 'chai';
import { newCoverage, type CoverageRow } from '../../../tasks/src/lib/plan/coverage.ts';

const MINUTE = 60;

function row(event_offset: number, given: Partial<CoverageRow> = {}): CoverageRow {
  return {
    symbol: 'EUR',
    start_seconds: event_offset * MINUTE,
    end_seconds: (event_offset + 1) * MINUTE,
    is_unavailable: false,
    is_whole: true,
    partition_id: 0,
    event_offset,
    ...given,
  };
}

describe('what history has covered since a plan', () => {
  it('is each minute of the new events, once', () => {
    expect(newCoverage([row(3), row(4), row(5, { start_seconds: 4 * MINUTE })], { '0': 2 })).to.deep.equal({
      seen: { '0': 5 },
      minutes: [{ symbol: 'EUR', start: 180_000, end: 360_000 }],
    });
  });

  it('leaves an event whose trades are not all there to a later plan, and all behind it', () => {
    const { seen, minutes } = newCoverage([row(3), row(5, { is_whole: false }), row(7)], {});
    expect(seen).to.deep.equal({ '0': 3 });
    expect(minutes.map(({ start }) => start / 60_000)).to.deep.equal([3, 7]);
  });

  it('is nothing where history has nothing to give, and that is not asked again', () => {
    expect(newCoverage([row(3, { is_unavailable: true })], {})).to.deep.equal({ seen: { '0': 3 }, minutes: [] });
  });

  it('is told for each partition by itself', () => {
    const rows = [row(3, { is_whole: false }), row(1, { partition_id: 1 })];
    expect(newCoverage(rows, { '0': 2 }).seen).to.deep.equal({ '0': 2, '1': 1 });
  });
});
