import { expect } from 'chai';
import { gapsOf, outagesOf, written } from '../support/source/records.ts';
import { Scenarios, subscribed } from '../support/source/scenarios.ts';
import type { VenueConnection } from '../support/source/venue-connection.ts';

describe('the WebSocket source', () => {
  const scenarios = new Scenarios();

  before(() => scenarios.start());
  afterEach(() => scenarios.clear());
  after(() => scenarios.remove());

  it('tries again until the venue is there, and takes in all from then on', async () => {
    const server = await scenarios.server();
    await server.shut();
    const feed = await scenarios.feed('refused-at-start', server);
    await feed.connector.taskIs('RUNNING');
    await server.listen();
    (await subscribed(server)).trades(300);
    const { trades, lost } = await feed.settle();
    expect([trades.length, lost.length]).to.deep.equal([300, 0]);
  });

  for (const status of [401, 403])
    it(`fails when the venue refuses the token with ${status}, and says so without the token`, async () => {
      const server = await scenarios.server();
      server.answer = () => ({ status });
      const feed = await scenarios.feed(`token-refused-${status}`, server);
      const { trace } = await feed.connector.taskIs('FAILED');
      expect(trace).to.match(new RegExp(`token of feed token-refused-${status} was refused.*HTTP ${status}`, 's'));
      const { replayToken } = scenarios.test.stack.credentials;
      expect(trace).not.to.include(replayToken);
      // It did ask with the token, so it could have told.
      expect(server.attempts.map(({ token }) => token)).to.deep.equal([replayToken]);
    });

  it('loses nothing when the venue closes the connection', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('closed-cleanly', server);
    const first = await subscribed(server);
    first.trades(500);
    first.close(1001, 'going away');
    (await subscribed(server, 2)).trades(500);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([1000, 0]);
    expect(outagesOf(records).size).to.equal(1);
    const reasons = records.events.filter(({ event }) => event === 'disconnected').map(({ reason }) => reason);
    expect(reasons[0]).to.match(/1001.*going away/);
  });

  it('reports what was on its way when the venue aborts the connection', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('aborted', server);
    const first = await subscribed(server);
    first.trades(500);
    await feed.until('the first trades', written(500));
    first.trades(500);
    first.abort();
    (await subscribed(server, 2)).trades(500);
    const records = await feed.settle();
    expect(records.trades.length + records.lost.length).to.equal(1500);
    expect(outagesOf(records).size).to.equal(1);
  });

  it('puts a frame together that comes in many fragments', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('fragments', server);
    const connection = await subscribed(server);
    connection.fragmented(300, 1000);
    connection.fragmented(30, 2);
    const { trades, lost } = await feed.settle();
    expect([trades.length, lost.length]).to.deep.equal([330, 0]);
    expect(server.connections).to.have.length(1);
  });

  it('ends a connection on which a frame is larger than allowed, and reports the gap', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('oversized', server, { 'frame.max.bytes': '65536' });
    const first = await subscribed(server);
    first.trades(200);
    await feed.until('the first trades', written(200));
    first.oversized(70_000);
    (await subscribed(server, 2)).trades(200);
    const records = await feed.settle();
    expect(records.trades).to.have.length(400);
    const ends = records.events.filter(({ event }) => event === 'disconnected').map(({ reason }) => reason);
    expect(ends[0]).to.match(/larger than 65536 bytes/);
    expect(outagesOf(records).size).to.equal(1);
  });

  it('keeps each frame and trade that it cannot take, and goes on; a token in it is removed', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('garbage', server);
    const connection = await subscribed(server);
    const { replayToken } = scenarios.test.stack.credentials;
    connection.trades(50);
    connection.garbage('{"type":"trade","data":[{"c":null,"p":');
    connection.garbage(`no JSON, with ${replayToken} in it`, 'no JSON, with *** in it');
    connection.binary(Buffer.from([0, 1, 2, 253, 254, 255]));
    connection.badTrade();
    connection.say('{"type":"ping"}');
    connection.trades(50);
    const { trades, refused, lost } = await feed.settle();
    expect([trades.length, refused.length, lost.length]).to.deep.equal([102, 4, 0]);
    expect(server.connections).to.have.length(1);
  });

  it('fails at the first bad frame when none is tolerated, with all before it written', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('none-tolerated', server, { 'errors.tolerance': 'none' });
    const connection = await subscribed(server);
    connection.trades(100);
    connection.say('{"type":"trade","data":');
    const { trace } = await feed.connector.taskIs('FAILED');
    expect(trace).to.match(/BAD_FRAME|not JSON/);
    const { trades, lost } = await feed.settle();
    expect([trades.length, lost.length]).to.deep.equal([100, 0]);
  });

  it('reports what a half frame had in it when the connection is reset', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('half-frame', server);
    const first = await subscribed(server);
    first.trades(200);
    await feed.until('the first trades', written(200));
    first.halfFrameThenReset(40);
    (await subscribed(server, 2)).trades(200);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([400, 40]);
    expect(outagesOf(records).size).to.equal(1);
  });

  const silences: readonly (readonly [string, (connection: VenueConnection) => void])[] = [
    ['answers pings', () => undefined],
    ['answers nothing', (connection) => void (connection.answersPings = false)],
    [
      'reads nothing any more',
      (connection) => {
        connection.turnDeaf();
      },
    ],
  ];
  for (const [what, fall] of silences)
    it(`makes the connection anew when the venue falls silent and ${what}`, async () => {
      const server = await scenarios.server();
      const name = `silent-${what.replaceAll(' ', '-')}`;
      const feed = await scenarios.feed(name, server, { 'watchdog.ms': '5000' });
      const first = await subscribed(server);
      let silent: VenueConnection | undefined;
      // Whichever other connection there is has trades all the time, however long the test takes to look at it.
      const drip = setInterval(() => {
        if (server.live !== silent) server.live?.trades(10);
      }, 200);
      try {
        await feed.until('the first trades', written(200));
        silent = first;
        fall(first);
        await feed.event('stalled');
        await subscribed(server, 2);
        const before = server.log.items.length;
        await feed.until('trades of the second connection', written(before + 100));
      } finally {
        clearInterval(drip);
      }
      const records = await feed.settle();
      expect([records.trades.length, records.lost.length]).to.deep.equal([server.log.items.length, 0]);
      expect(gapsOf(records).length).to.be.at.least(1);
    });

  it('says which subscription was refused, and goes on with the others', async () => {
    const server = await scenarios.server();
    server.onSubscribe = (connection, symbol) => {
      if (symbol !== 'B') return true;
      connection.say('{"type":"error","msg":"You don\'t have access to this resource: B"}');
      return false;
    };
    const feed = await scenarios.feed('subscription-refused', server);
    (await subscribed(server, 1, 2)).trades(100);
    await feed.event('refused');
    const { events, trades, lost } = await feed.settle();
    expect([trades.length, lost.length]).to.deep.equal([100, 0]);
    expect(events.find(({ event }) => event === 'refused')?.reason).to.match(/don't have access/);
  });

  it('tells the token to nobody but the venue', async () => {
    expect(await scenarios.test.leaks()).to.deep.equal([]);
  });
});
