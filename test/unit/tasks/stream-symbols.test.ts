import { expect } from 'chai';
import {
  listedSymbols,
  recordedSymbols,
  symbolsChange,
  SymbolsTaken,
  withSymbolsTopic,
} from '../../../tasks/src/lib/stream/symbols.ts';

describe('the symbols of a feed', () => {
  it('are listed with commas, each once', () => {
    expect(listedSymbols(' A, B,A', '--symbols')).to.deep.equal(['A', 'B']);
  });

  for (const list of ['', 'A,,B', ' ']) {
    it(`are refused when one is blank: "${list}"`, () => {
      expect(() => listedSymbols(list, '--symbols')).to.throw(/--symbols must name one symbol or more/);
    });
  }

  it('stand in the topic and not in the configuration, whose change would restart the task', () => {
    const before = withSymbolsTopic({ 'feed.name': 'x', 'feed.symbols': 'A' }, ['k:1', 'k:2']);
    const after = withSymbolsTopic({ 'feed.name': 'x', 'feed.symbols': 'B' }, ['k:1', 'k:2']);
    expect(after).to.deep.equal(before);
    expect(after).to.deep.equal({
      'feed.name': 'x',
      'feed.symbols.topic': 'feed-symbols',
      'feed.symbols.bootstrap.servers': 'k:1,k:2',
    });
  });

  it('are read from a record, and none from one that the source would pass over', () => {
    expect(recordedSymbols(Buffer.from('["A","B"]'))).to.deep.equal(['A', 'B']);
    for (const value of [null, Buffer.from('A,B'), Buffer.from('[]'), Buffer.from('[1]'), Buffer.from('{}')]) {
      expect(recordedSymbols(value)).to.equal(undefined);
    }
  });

  it('change by those that come and those that go', () => {
    expect(symbolsChange(['A', 'B'], ['B', 'C'])).to.deep.equal({ added: ['C'], removed: ['A'] });
  });
});

describe('a change of symbols', () => {
  const event = (
    kind: string,
    symbols: readonly string[] = [],
    reason: string | null = null,
  ): { event: string; symbols: readonly string[]; reason: string | null } => ({ event: kind, symbols, reason });

  it('is done when each added symbol is subscribed and each removed one is not any longer', () => {
    const taken = new SymbolsTaken({ added: ['B', 'C'], removed: ['A'] });
    taken.accept(event('subscribed', ['B']));
    taken.accept(event('counts'));
    expect(taken.open).to.deep.equal(['C', 'A']);
    taken.accept(event('unsubscribed', ['A']));
    taken.accept(event('subscribed', ['C']));
    expect(taken.open).to.deep.equal([]);
    expect(taken.refused).to.deep.equal([]);
  });

  it('is done when the venue refuses a symbol, and says which and why', () => {
    const taken = new SymbolsTaken({ added: ['B', 'NOPE'], removed: [] });
    taken.accept(event('refused', ['NOPE'], 'no such symbol'));
    expect(taken.open).to.deep.equal(['B']);
    taken.accept(event('subscribed', ['B']));
    expect(taken.open).to.deep.equal([]);
    expect(taken.refused).to.deep.equal([{ symbols: ['NOPE'], reason: 'no such symbol' }]);
  });

  it('tells a refusal that comes after the subscription, once however often it is read', () => {
    const taken = new SymbolsTaken({ added: ['B'], removed: [] });
    taken.accept(event('subscribed', ['B']));
    taken.accept(event('refused', [], 'Invalid symbol'));
    taken.accept(event('refused', [], 'Invalid symbol'));
    expect(taken.refused).to.deep.equal([{ symbols: [], reason: 'Invalid symbol' }]);
  });

  it('waits no longer for symbols when the venue refuses without a name', () => {
    const taken = new SymbolsTaken({ added: ['B', 'C'], removed: [] });
    taken.accept(event('refused', [], 'too many'));
    expect(taken.open).to.deep.equal([]);
  });

  it('is done by a new connection too, which subscribes to what is wanted', () => {
    const taken = new SymbolsTaken({ added: ['B'], removed: ['A'] });
    taken.accept(event('disconnected'));
    taken.accept(event('connected'));
    taken.accept(event('subscribed', ['B']));
    expect(taken.open).to.deep.equal([]);
  });
});
