import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { ConnectorConfig } from '../../../tasks/src/lib/stream/connect.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { Feed } from '../../support/source/feed.ts';
import { outagesOf, written } from '../../support/source/records.ts';
import { Scenarios, subscribed, SYMBOLS } from '../../support/source/scenarios.ts';
import { Load, type VenueServer } from '../../support/source/venue-server.ts';
import { Worker } from '../../support/source/worker.ts';

const PER_SECOND = 2000;

describe('the WebSocket source under load', () => {
  const scenarios = new Scenarios();
  const { test } = scenarios;
  let loads: Load[] = [];

  before(() => scenarios.start());
  afterEach(async () => {
    for (const load of loads) load.stop();
    loads = [];
    await scenarios.clear();
  });
  after(() => scenarios.remove());

  /** A feed that takes in a steady load. */
  const loaded = async (
    name: string,
    perSecond = PER_SECOND,
    options: ConnectorConfig = {},
  ): Promise<{ server: VenueServer; feed: Feed }> => {
    const server = await scenarios.server();
    const feed = await scenarios.feed(name, server, options);
    await subscribed(server);
    loads.push(new Load(server, SYMBOLS, { perSecond }));
    await feed.until('the first trades', written(perSecond));
    return { server, feed };
  };

  /** Waits until something that was sent on a connection, counted from 1, is written, and ends the load. */
  const flowsOn = async (feed: Feed, server: VenueServer, connection: number): Promise<void> => {
    await subscribed(server, connection);
    const before = server.log.items.length;
    await feed.until(
      `trades of connection ${connection}`,
      ({ trades }) => Number(trades.at(-1)?.volume) > before,
      120_000,
    );
    for (const load of loads) load.stop();
  };

  it('accounts for everything when its task is restarted', async () => {
    const { feed, server } = await loaded('task-restarted');
    await feed.connector.restartTask();
    await flowsOn(feed, server, 2);
    const records = await feed.settle();
    expect(outagesOf(records).size).to.equal(1);
  });

  it('accounts for everything when it is paused, for longer than a worker may take to write, and resumed', async () => {
    const workerMs = 20_000;
    const { feed, server } = await loaded('paused', 200, { 'worker.timeout.ms': String(workerMs) });
    await feed.connector.pause();
    await delay(workerMs + 2000);
    await feed.connector.resume();
    await flowsOn(feed, server, server.connections.length);
    // It has gone on, not begun anew.
    expect(server.connections).to.have.length(1);
    await feed.settle();
  });

  it('accounts for everything when it is stopped and started', async () => {
    const { feed, server } = await loaded('stopped');
    await feed.connector.stop();
    await waitFor(() => Promise.resolve(server.live === undefined), {
      what: 'the connection to be closed',
      timeoutMs: 120_000,
    });
    await feed.connector.resume();
    await flowsOn(feed, server, 2);
    const records = await feed.settle();
    expect(outagesOf(records).size).to.equal(1);
  });

  it('accounts for everything when its configuration is changed', async () => {
    const { feed, server } = await loaded('reconfigured');
    await feed.reconfigure({ 'batch.max.trades': '100' });
    await flowsOn(feed, server, 2);
    const records = await feed.settle();
    expect(outagesOf(records).size).to.equal(1);
  });

  it('accounts for everything when its worker is killed in the middle of a transaction', async () => {
    const { feed, server } = await loaded('worker-killed');
    await test.killInTransaction('connect', feed.topic('trades'));
    await flowsOn(feed, server, 2);
    const records = await feed.settle();
    expect(outagesOf(records).size).to.equal(1);
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const)
    it(`accounts for everything when tasks move to another worker, and back when that ends by ${signal}`, async () => {
      const name = signal.toLowerCase();
      const both = [await loaded(`rebalanced-a-${name}`, 500), await loaded(`rebalanced-b-${name}`, 500)];
      const workers = async (): Promise<Set<string | undefined>> =>
        new Set(await Promise.all(both.map(async ({ feed }) => (await feed.connector.status())?.tasks[0]?.worker_id)));
      const second = await Worker.start(test, { name: `connect-${name}`, port: test.stack.portBase + 79 });
      try {
        await waitFor(async () => (await workers()).size === 2, {
          what: 'the tasks to be shared by two workers',
          timeoutMs: 120_000,
        });
        for (const { feed } of both) await feed.connector.taskIs('RUNNING');
        await waitFor(() => Promise.resolve(both.every(({ server }) => server.live !== undefined)), {
          what: 'both feeds to be live on two workers',
          timeoutMs: 120_000,
        });
      } finally {
        await second.end(signal);
      }
      const first = test.stack.address('connect');
      await waitFor(async () => [...(await workers())].every((worker) => worker === first), {
        what: 'both tasks to be on the first worker again',
        timeoutMs: 120_000,
      });
      for (const { feed, server } of both) {
        await feed.connector.taskIs('RUNNING');
        await waitFor(() => Promise.resolve(server.live !== undefined), { what: 'a live feed', timeoutMs: 120_000 });
      }
      for (const { feed, server } of both) {
        const before = server.log.items.length;
        await feed.until('trades after it', ({ trades }) => Number(trades.at(-1)?.volume) > before);
      }
      for (const load of loads) load.stop();
      for (const { feed } of both) await feed.settle();
      // One of the two has moved there and back.
      expect(Math.max(...both.map(({ server }) => server.connections.length))).to.be.at.least(3);
    });

  it('tells the token to nobody but the venue', async () => {
    expect(await test.leaks()).to.deep.equal([]);
  });
});
