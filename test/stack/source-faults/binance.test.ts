import { expect } from 'chai';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { binance, SERVER_SHUTDOWN } from '../../support/source/protocols.ts';
import { gapsOf, written } from '../../support/source/records.ts';
import { Scenarios, subscribed } from '../../support/source/scenarios.ts';
import { Load } from '../../support/source/venue-server.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const OPTIONS = { 'feed.venue': 'binance', 'feed.token': '', 'feed.symbols': SYMBOLS.join() };

describe('the WebSocket source on a venue that numbers its trades', () => {
  const scenarios = new Scenarios();

  before(() => scenarios.start());
  afterEach(() => scenarios.clear());
  after(() => scenarios.remove());

  it('goes over to another connection at a notice of shutdown, with no gap and nothing twice', async () => {
    const server = await scenarios.server({ protocol: binance });
    const feed = await scenarios.feed('shutdown', server, OPTIONS);
    const first = await subscribed(server, 1, 2);
    const load = new Load(server, SYMBOLS, { perSecond: 500, toAll: true });
    await feed.until('the first trades', written(500));
    first.say(SERVER_SHUTDOWN);
    await subscribed(server, 2, 2);
    await waitFor(() => Promise.resolve(!first.isOpen), {
      what: 'the first connection to be given up',
      timeoutMs: 120_000,
    });
    const before = server.log.items.length;
    await feed.until('trades of the second connection', ({ trades }) => Number(trades.at(-1)?.volume) > before);
    load.stop();
    const records = await feed.settle({ overlapping: true });
    expect(records.lost).to.deep.equal([]);
    expect(gapsOf(records)).to.deep.equal([]);
    expect(server.connections).to.have.length(2);
    // Both were sent the same for a while.
    expect(server.log.items.length).to.be.above(records.trades.length);
  });

  it('goes over to another connection each time that one has lived for long enough', async () => {
    const server = await scenarios.server({ protocol: binance });
    const feed = await scenarios.feed('lives', server, { ...OPTIONS, 'connection.life.ms': '3000' });
    await subscribed(server, 1, 2);
    const load = new Load(server, SYMBOLS, { perSecond: 500, toAll: true });
    await subscribed(server, 5, 2);
    load.stop();
    const records = await feed.settle({ overlapping: true });
    expect(records.lost).to.deep.equal([]);
    expect(gapsOf(records)).to.deep.equal([]);
  });

  it('reports a jump in the ids as a gap of that symbol, with the ids', async () => {
    const server = await scenarios.server({ protocol: binance });
    const feed = await scenarios.feed('ids-jump', server, OPTIONS);
    const connection = await subscribed(server, 1, 2);
    connection.trades(100);
    const last = server.log.skipIds('BTCUSDT', 7);
    connection.trades(100);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([200, 0]);
    expect(gapsOf(records).map((gap) => [gap.symbols, gap.first_missing_id, gap.last_missing_id])).to.deep.equal([
      [['BTCUSDT'], String(last - 6), String(last)],
    ]);
  });

  it('knows by the ids what a broken connection has cost', async () => {
    const server = await scenarios.server({ protocol: binance });
    const feed = await scenarios.feed('ids-over-connections', server, OPTIONS);
    const first = await subscribed(server, 1, 2);
    first.trades(100);
    await feed.until('the first trades', written(100));
    first.abort();
    const last = server.log.skipIds('ETHUSDT', 3);
    (await subscribed(server, 2, 2)).trades(100);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([200, 0]);
    const proven = gapsOf(records).filter((gap) => gap.first_missing_id !== null);
    expect(proven.map((gap) => [gap.symbols, gap.first_missing_id, gap.last_missing_id])).to.deep.equal([
      [['ETHUSDT'], String(last - 2), String(last)],
    ]);
  });
});
