import { resolve } from 'node:path';
import { expect } from 'chai';
import { TOPICS, TOPIC_NAMES, contractText } from '../../../tasks/src/lib/contracts.ts';
import { registerContracts } from '../../../tasks/src/lib/registry.ts';
import { MemoryRegistry } from './registry.ts';

const root = resolve(import.meta.dirname, '../../..');
const trades = contractText(root, 'trades');

/** The text with a part changed; the part must be there, or the test would show nothing. White space does not count. */
function changed(text: string, part: string, instead: string): string {
  const [compact, from, to] = [text, part, instead].map((t) => t.replaceAll(/\s+/g, ' '));
  if (compact?.includes(from ?? '') !== true) throw new Error(`the contract does not hold ${part}`);
  return compact.replace(from ?? '', to ?? '');
}

async function refusal(registry: MemoryRegistry): Promise<string> {
  try {
    await registerContracts(registry, root);
  } catch (error) {
    expect(error).to.have.property('code', 'RATEHOUSE_REFUSED');
    return String(error);
  }
  throw new Error('it was accepted');
}

describe('registerContracts', () => {
  it('sets the rule before the first version, and changes nothing when run again', async () => {
    const registry = new MemoryRegistry();
    const first = await registerContracts(registry, root);
    expect(first.map((o) => o.outcome)).to.deep.equal(TOPIC_NAMES.map(() => 'registered'));
    expect(registry.writes.slice(0, 2)).to.deep.equal(['rule trades-value', 'schema trades-value']);
    const writes = registry.writes.length;
    const again = await registerContracts(registry, root);
    expect(again.map((o) => o.outcome)).to.deep.equal(TOPIC_NAMES.map(() => 'unchanged'));
    expect(again.map((o) => o.id)).to.deep.equal(first.map((o) => o.id));
    expect(registry.writes).to.have.length(writes);
  });

  it('evolves a subject whose contract has got a field with a default', async () => {
    const registry = new MemoryRegistry();
    const older = JSON.parse(trades) as { fields: { name: string }[] };
    older.fields = older.fields.filter((f) => f.name !== 'venue_trade_id');
    await registry.register(TOPICS.trades.subject, JSON.stringify(older));
    const outcomes = await registerContracts(registry, root, ['trades']);
    expect(outcomes).to.deep.equal([{ topic: 'trades', subject: 'trades-value', id: 2, outcome: 'evolved' }]);
  });

  it('refuses another scale, which registries let through, and names the field; nothing is written', async () => {
    const registry = new MemoryRegistry();
    await registry.register(
      'moving-averages-value',
      changed(contractText(root, 'moving-averages'), '"double"', '"float"'),
    );
    await registry.register(
      'trades-value',
      changed(trades, '"precision": 18, "scale": 8', '"precision": 18, "scale": 4'),
    );
    registry.writes.length = 0;
    const message = await refusal(registry);
    expect(message).to.include(
      'trades-value version 1, price: decimal(18, 4) in bytes, no default -> decimal(18, 8) in bytes',
    );
    expect(message).to.include('moving-averages-value version 1, simple: float');
    expect(registry.writes).to.deep.equal([]);
  });

  it('looks at every version: a field may not come back as something else', async () => {
    const registry = new MemoryRegistry();
    const field = '"name": "venue_trade_id", "type": ["null", "string"]';
    await registry.register(
      'trades-value',
      changed(trades, field, '"name": "venue_trade_id", "type": ["null", "long"]'),
    );
    const without = JSON.parse(trades) as { fields: { name: string }[] };
    await registry.register(
      'trades-value',
      JSON.stringify({ ...without, fields: without.fields.filter((f) => f.name !== 'venue_trade_id') }),
    );
    expect(await refusal(registry)).to.include('trades-value version 1, venue_trade_id: null or long');
  });
});
