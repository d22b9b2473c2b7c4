import { expect } from 'chai';
import type { Engine } from '../../../stack/lib/engine.ts';
import { Backoff } from '../../../stack/lib/backoff.ts';
import { inStartOrder } from '../../../stack/lib/lifecycle.ts';
import { engines } from '../../../stack/engines/index.ts';

const engine = (name: string, ...after: string[]): Engine => ({
  name,
  about: '',
  after,
  packages: [],
  process: () => ({ argv: [] }),
  ready: () => Promise.resolve(true),
  address: () => '',
});

describe('the order in which engines start', () => {
  it('puts each engine after all that it needs, however they are listed', () => {
    const names = inStartOrder([engine('c', 'b'), engine('b', 'a'), engine('d', 'a', 'c'), engine('a')]).map(
      (e) => e.name,
    );
    expect(names).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('names the engines that wait for each other', () => {
    expect(() => inStartOrder([engine('a', 'b'), engine('b', 'a')])).to.throw(/a -> b -> a/);
  });

  it('names an engine that is waited for and does not exist', () => {
    expect(() => inStartOrder([engine('a', 'z')])).to.throw(/no engine named z/);
  });

  it('holds for the stack itself', () => {
    expect(inStartOrder(engines)).to.have.length(engines.length);
  });
});

describe('restarts of what keeps failing', () => {
  const options = { initialMs: 1000, maxMs: 4000, calmMs: 10_000 };

  it('come at once, then ever more rarely, up to a limit', () => {
    const backoff = new Backoff(options);
    const attempts = Array.from({ length: 20_000 / 100 }, (_, i) => i * 100).filter((now) => backoff.due(true, now));
    expect(attempts).to.deep.equal([0, 1000, 3000, 7000, 11_000, 15_000, 19_000]);
  });

  it('begin anew only after it has been well for a while', () => {
    const backoff = new Backoff(options);
    backoff.due(true, 0);
    backoff.due(true, 1000);
    backoff.due(false, 2000);
    expect(backoff.due(true, 2500)).to.equal(false);
    backoff.due(false, 20_000);
    expect(backoff.due(true, 20_001)).to.equal(true);
    expect(backoff.due(true, 21_001)).to.equal(true);
  });
});
