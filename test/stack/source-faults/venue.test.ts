import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { selfSigned } from '../../support/source/certificates.ts';
import { gapsOf, outagesOf, written } from '../../support/source/records.ts';
import { Scenarios, subscribed, SYMBOLS } from '../../support/source/scenarios.ts';
import { Load } from '../../support/source/venue-server.ts';

const A_MINUTE = 60_000;

describe('the WebSocket source and a venue that misbehaves', () => {
  const scenarios = new Scenarios();
  const { test } = scenarios;

  before(() => scenarios.start());
  afterEach(() => scenarios.clear());
  after(() => scenarios.remove());

  it('loses nothing of what a server sends that closes every second for a minute', async () => {
    const server = await scenarios.server();
    server.onOpen = (connection) => {
      setTimeout(() => {
        connection.close(1001, 'again');
      }, 1000);
    };
    const feed = await scenarios.feed('closes-every-second', server);
    const load = new Load(server, SYMBOLS, { perSecond: 500 });
    await subscribed(server);
    await delay(A_MINUTE);
    load.stop();
    server.onOpen = () => undefined;
    const count = server.connections.length;
    (await subscribed(server, count + 1)).trades(100);
    const records = await feed.settle();
    // A closing handshake takes in all that was sent before it.
    expect(records.lost).to.deep.equal([]);
    expect(count).to.be.at.least(10);
    const ends = records.events.filter(({ event, closed }) => event === 'disconnected' && closed);
    expect(ends.length).to.be.at.least(count);
  });

  it('asks again no sooner than a venue wants that answers 429 with Retry-After', async () => {
    const server = await scenarios.server();
    const retryAfterMs = 4000;
    server.answer = (attempt) =>
      attempt > 2 ? 'accept' : { status: 429, headers: { 'Retry-After': String(retryAfterMs / 1000) } };
    const feed = await scenarios.feed('too-many-requests', server);
    (await subscribed(server)).trades(100);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([100, 0]);
    const [first, second, third] = server.attempts.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).to.be.at.least(retryAfterMs);
    expect((third ?? 0) - (second ?? 0)).to.be.at.least(retryAfterMs);
  });

  it('comes through a handshake that is answered with 503, and one that is reset', async () => {
    const server = await scenarios.server();
    server.answer = (attempt) => (attempt > 4 ? 'accept' : attempt % 2 === 0 ? 'reset' : { status: 503 });
    const feed = await scenarios.feed('unavailable', server);
    (await subscribed(server)).trades(100);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([100, 0]);
  });

  it('fails once it has been without a connection for too long, with the last reason', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('gives-up', server, { 'connect.retry.timeout.ms': '3000' });
    const first = await subscribed(server);
    first.trades(100);
    await feed.until('the first trades', written(100));
    server.answer = () => ({ status: 502 });
    first.close();
    const { trace } = await feed.connector.taskIs('FAILED');
    expect(trace).to.match(/502/);
    // The task is no more, and what its feed sends from here on is in the gap that the next one reports.
    server.answer = () => 'accept';
    await feed.connector.restartTask();
    (await subscribed(server, 2)).trades(100);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([200, 0]);
    expect(outagesOf(records).size).to.equal(1);
  });

  it('sends no token to a server whose certificate nobody trusts, and connects once it is trusted', async () => {
    const tls = selfSigned(test, 'localhost');
    const server = await scenarios.server({ tls });
    const feed = await scenarios.feed('untrusted', server, { 'connect.retry.timeout.ms': '3000' });
    const { trace } = await feed.connector.taskIs('FAILED');
    expect(trace).to.match(/certificat|PKIX/i);
    expect(server.attempts).to.deep.equal([]);

    await feed.reconfigure({ 'feed.tls.ca.file': tls.pem });
    (await subscribed(server)).trades(100);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([100, 0]);
  });

  it('sends no token to a server whose certificate is for another host', async () => {
    const tls = selfSigned(test, 'another.example');
    const server = await scenarios.server({ tls });
    const options = { 'feed.tls.ca.file': tls.pem, 'connect.retry.timeout.ms': '3000' };
    const feed = await scenarios.feed('wrong-host', server, options);
    const { trace } = await feed.connector.taskIs('FAILED');
    expect(trace).to.match(/localhost/);
    expect(server.attempts).to.deep.equal([]);
  });

  it('subscribes again to a symbol that has fallen silent, and reports the silence of it alone', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('silent-symbol', server, { 'watchdog.symbol.ms': '5000' });
    const connection = await subscribed(server);
    for (const symbol of SYMBOLS) connection.tradesOf(symbol, 10);
    const others = setInterval(() => {
      connection.tradesOf('B', 1);
      connection.tradesOf('C', 1);
    }, 200);
    try {
      expect((await feed.event('stalled')).symbols).to.deep.equal(['A']);
      await waitFor(() => Promise.resolve(server.subscriptions.filter((symbol) => symbol === 'A').length > 1), {
        what: 'another subscription to A',
        timeoutMs: 120_000,
      });
      connection.tradesOf('A', 10);
      await feed.until('a gap of A', (records) => gapsOf(records).length > 0);
    } finally {
      clearInterval(others);
    }
    const records = await feed.settle();
    expect(records.lost).to.deep.equal([]);
    for (const { symbols } of gapsOf(records)) expect(symbols).to.deep.equal(['A']);
    expect(server.connections).to.have.length(1);
  });

  it('changes its symbols while it runs, on the connection that it has', async () => {
    const server = await scenarios.server();
    const topic = await scenarios.symbolsTopic();
    await topic.write('other-symbols', ['A', 'B']);
    const feed = await scenarios.feed('other-symbols', server, {
      'feed.symbols': '',
      'feed.symbols.topic': topic.name,
      'feed.symbols.bootstrap.servers': test.stack.address('kafka'),
    });
    const connection = await subscribed(server, 1, 2);
    connection.trades(100);
    await feed.until('the first trades', written(100));
    await topic.write('other-symbols', ['B', 'C']);
    await waitFor(() => Promise.resolve(connection.symbols.join() === 'B,C'), {
      what: 'the venue to have the new symbols',
      timeoutMs: 120_000,
    });
    connection.trades(100);
    await feed.until('the end of A', ({ events }) =>
      events.some(({ event, symbols }) => event === 'unsubscribed' && symbols.join() === 'A'),
    );
    await feed.until('the beginning of C', ({ events }) =>
      events.some(({ event, symbols }) => event === 'subscribed' && symbols.includes('C')),
    );
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([200, 0]);
    expect(server.connections).to.have.length(1);
    expect(gapsOf(records)).to.deep.equal([]);
  });

  it('tells the token to nobody but the venue', async () => {
    expect(await test.leaks()).to.deep.equal([]);
  });
});
