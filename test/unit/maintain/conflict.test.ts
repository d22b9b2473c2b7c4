import { expect } from 'chai';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { isConflict, pauseMs, replanned, type Patience } from '../../../tasks/src/lib/maintain/conflict.ts';

const refused = (text: string): RatehouseError =>
  new RatehouseError('RATEHOUSE_REFUSED', `Trino at http://127.0.0.1:1 refused the compaction: ${text}`);
const conflict = refused('ICEBERG_COMMIT_ERROR: Failed to commit the transaction during optimize');

function patience(waits: number[] = []): Patience {
  return {
    log: jsonLog(() => undefined),
    signal: new AbortController().signal,
    random: () => 0,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
}

describe('work beside other writers', () => {
  it('is planned anew, after growing pauses, when another one was faster', async () => {
    const waits: number[] = [];
    let plans = 0;
    const work = (): Promise<number> => {
      plans += 1;
      return plans < 4 ? Promise.reject(conflict) : Promise.resolve(plans);
    };
    expect(await replanned('work', work, patience(waits))).to.equal(4);
    expect(waits).to.deep.equal([1000, 2000, 4000]);
  });

  it('gives up after six times, with the reason', async () => {
    let plans = 0;
    const work = (): Promise<never> => {
      plans += 1;
      return Promise.reject(conflict);
    };
    const ended: unknown = await replanned('work', work, patience()).catch((error: unknown) => error);
    expect(ended).to.equal(conflict);
    expect(plans).to.equal(6);
  });

  it('fails at once for any other reason', async () => {
    const other = refused('EXCEEDED_LOCAL_MEMORY_LIMIT: too much');
    const waits: number[] = [];
    const ended: unknown = await replanned('work', () => Promise.reject(other), patience(waits)).catch(
      (e: unknown) => e,
    );
    expect(ended).to.equal(other);
    expect(waits).to.deep.equal([]);
  });

  it('ends at a signal', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const ended: unknown = await replanned('work', () => Promise.resolve(1), {
      ...patience(),
      signal: stop.signal,
    }).catch((error: unknown) => error);
    expect(ended).to.have.property('message', 'stopped');
  });

  it('pauses by chance up to a half shorter, so that two do not meet again', () => {
    expect([pauseMs(1, 0), pauseMs(1, 1), pauseMs(3, 0.5)]).to.deep.equal([1000, 500, 3000]);
  });

  it('knows a conflict from an engine that is away', () => {
    expect(isConflict(conflict)).to.equal(true);
    expect(isConflict(new RatehouseError('RATEHOUSE_UNREACHABLE', 'ICEBERG_COMMIT_ERROR: '))).to.equal(false);
    expect(isConflict(new Error('ICEBERG_COMMIT_ERROR: '))).to.equal(false);
  });
});
