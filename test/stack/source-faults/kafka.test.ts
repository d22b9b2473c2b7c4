import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { gapsOf, outagesOf, written } from '../../support/source/records.ts';
import { Scenarios, subscribed, SYMBOLS } from '../../support/source/scenarios.ts';
import { Load } from '../../support/source/venue-server.ts';

const A_MINUTE = 60_000;
/** Some 15 MB: more than the two sockets' buffers hold. */
const BURST = 250_000;

const SMALL_QUEUE = {
  'queue.max.trades': '2000',
  'queue.max.bytes': '1048576',
  'frame.max.bytes': '65536',
  'batch.max.trades': '500',
};

describe('the WebSocket source while Kafka or the registry does not serve', () => {
  const scenarios = new Scenarios();
  const { test } = scenarios;

  before(() => scenarios.start());
  afterEach(() => scenarios.clear());
  after(() => scenarios.remove());

  it('takes a burst larger than its queue while Kafka is paused, and drops nothing of it', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('burst', server, SMALL_QUEUE);
    const connection = await subscribed(server);
    connection.trades(100);
    await feed.until('the first trades', written(100));
    const kafka = await test.pid('kafka');
    process.kill(kafka, 'SIGSTOP');
    try {
      connection.trades(BURST);
      let unsent = 0;
      // Nothing leaves this process any more, though there is more to send: the source has stopped to read.
      await waitFor(
        () => {
          const before = unsent;
          unsent = connection.unsent;
          // It goes on pinging, and the answers wait behind the trades.
          return Promise.resolve(before > 0 && unsent >= before);
        },
        { what: 'the source to stop reading', timeoutMs: 60_000, intervalMs: 1000 },
      );
    } finally {
      process.kill(kafka, 'SIGCONT');
    }
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([100 + BURST, 0]);
    expect(gapsOf(records)).to.deep.equal([]);
    expect(server.connections).to.have.length(1);
  });

  it('comes through a minute without Kafka', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('kafka-down', server, { 'queue.max.trades': '20000' });
    await subscribed(server);
    const load = new Load(server, SYMBOLS, { perSecond: 500 });
    await feed.until('the first trades', written(1000));
    await test.stopEngine('kafka');
    await delay(A_MINUTE);
    await test.startEngine('kafka');
    const before = server.log.items.length;
    await waitFor(() => Promise.resolve(server.log.items.length > before + 5000), {
      what: 'ten seconds of trades after it',
      timeoutMs: 60_000,
    });
    load.stop();
    const records = await feed.settle({}, 180_000);
    expect(records.trades.length + records.lost.length).to.equal(server.log.items.length);
  });

  it('fails, and says why, when its converter waits for a registry that never answers, and goes on once that does', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('registry-frozen', server, { 'worker.timeout.ms': '5000' });
    (await subscribed(server)).trades(100);
    await feed.until('the first trades', written(100));
    const registry = await test.pid('registry');
    process.kill(registry, 'SIGSTOP');
    try {
      // A new task has a new converter, which has to ask for every schema.
      await feed.connector.restartTask();
      (await subscribed(server, 2)).trades(100);
      const { trace } = await feed.connector.taskIs('FAILED');
      expect(trace).to.match(/converter|registry/i);
    } finally {
      process.kill(registry, 'SIGCONT');
    }
    expect(readFileSync(test.stack.file('logs', 'connect.log'), 'utf8')).to.include(
      'The worker has not written the records of feed registry-frozen for 5000 ms (worker.timeout.ms)',
    );
    await feed.connector.restartTask();
    (await subscribed(server, 3)).trades(100);
    const records = await feed.settle();
    expect([records.trades.length, records.lost.length]).to.deep.equal([200, 100]);
    expect(outagesOf(records).size).to.equal(1);
  });

  it('comes through a Kafka that is killed under load', async () => {
    const server = await scenarios.server();
    const feed = await scenarios.feed('kafka-killed', server);
    await subscribed(server);
    const load = new Load(server, SYMBOLS, { perSecond: 2000 });
    await feed.until('the first trades', written(2000));
    await test.kill('kafka');
    const before = server.log.items.length;
    await feed.until('trades after it', ({ trades }) => Number(trades.at(-1)?.volume) > before, 120_000);
    load.stop();
    const records = await feed.settle({}, 180_000);
    expect(records.trades.length + records.lost.length).to.equal(server.log.items.length);
  });
});
