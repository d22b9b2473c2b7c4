import { resolve } from 'node:path';
import { expect } from 'chai';
import { Codec, contractText, framed, type Located, type TopicValues } from '../../../tasks/src/lib/contracts.ts';
import { registerContracts } from '../../../tasks/src/lib/registry.ts';
import { MemoryRegistry } from './registry.ts';

const root = resolve(import.meta.dirname, '../../..');

const trade: TopicValues['trades'] = {
  symbol: 'BITSTAMP:BTCUSD',
  price: '9999999999.99999999',
  volume: '-0.00000001',
  event_time: 1_767_600_000_123,
  received_at: 1_767_600_000_456,
  feed: 'replay',
  connection_id: 1_767_600_000_000_000,
  sequence: 7,
  frame: 3,
  position: 0,
  venue_trade_id: null,
  conditions: ['1', '8'],
};

function at(value: Buffer | null): Located {
  return { topic: 'trades', partition: 2, offset: 41, value };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.have.property('code', 'RATEHOUSE_BAD_DATA');
    return String(error);
  }
  throw new Error('it was accepted');
}

describe('Codec', () => {
  let registry: MemoryRegistry;
  let codec: Codec;

  beforeEach(async () => {
    registry = new MemoryRegistry();
    await registerContracts(registry, root);
    codec = new Codec(root, registry);
  });

  it('gives back the value that was written, to the last digit', async () => {
    const value = await codec.reader('trades').read(at(await codec.encode('trades', trade)));
    expect({ ...value }).to.deep.equal(trade);
  });

  it('asks the registry once for each schema, not for each record', async () => {
    const bytes = await codec.encode('trades', trade);
    const reader = codec.reader('trades');
    await reader.readAll(Array.from({ length: 100 }, () => at(bytes)));
    await codec.reader('trades', ['symbol']).read(at(bytes));
    expect(registry.asked).to.equal(1);
  });

  it('reads only the fields that were asked for', async () => {
    const value = await codec.reader('trades', ['sequence', 'price']).read(at(await codec.encode('trades', trade)));
    expect({ ...value }).to.deep.equal({ sequence: 7, price: '9999999999.99999999' });
  });

  it('reads records of an older schema, with the defaults of the contract', async () => {
    const older = JSON.parse(contractText(root, 'trades')) as { fields: { name: string }[] };
    older.fields = older.fields.filter((f) => f.name !== 'conditions');
    const { id } = await registry.register('trades-value', JSON.stringify(older));
    const bytes = await codec.encode('trades', { ...trade, conditions: [] });
    // Without the empty array at its end, the body is the older schema's.
    const value = await codec.reader('trades').read(at(framed(id, bytes.subarray(5, -1))));
    expect({ ...value }).to.deep.equal({ ...trade, conditions: [] });
  });

  it('does not read a decimal of another scale as if nothing was', async () => {
    const other = contractText(root, 'trades').replace('"precision": 18, "scale": 8', '"precision": 18, "scale": 4');
    const { id } = await registry.register('trades-value', other);
    const bytes = await codec.encode('trades', trade);
    const message = await failure(codec.reader('trades').read(at(framed(id, bytes.subarray(5)))));
    expect(message).to.include('trades-2@41').and.to.include('decimal(18, 4)');
  });

  it('names the record that it cannot read', async () => {
    const reader = codec.reader('trades');
    const bytes = await codec.encode('trades', trade);
    expect(await failure(reader.read(at(null))))
      .to.include('trades-2@41')
      .and.to.include('no value');
    expect(await failure(reader.read(at(Buffer.from('{"json":1}'))))).to.include('0x7b');
    expect(await failure(reader.read(at(framed(99, bytes.subarray(5)))))).to.include('id 99');
    expect(await failure(reader.read(at(bytes.subarray(0, -3))))).to.include('trades-2@41');
  });

  it('writes no value that does not fit its contract', async () => {
    expect(await failure(codec.encode('trades', { ...trade, price: '10000000000' }))).to.include('DECIMAL(18, 8)');
    expect(await failure(codec.encode('trades', { ...trade, sequence: 1.5 }))).to.include('contract of trades');
  });
});
