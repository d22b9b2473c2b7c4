import { expect } from 'chai';
import { MovableClock } from '../../support/source/clock.ts';
import type { FeedRecords } from '../../support/source/mini-ledger.ts';
import { gapsOf, outagesOf } from '../../support/source/records.ts';
import { Scenarios, subscribed } from '../../support/source/scenarios.ts';
import { Worker } from '../../support/source/worker.ts';

const HOUR = 3_600_000;

/** When the newest trades were received by the source's clock, in hours from the machine's. */
const hoursOff = ({ trades }: FeedRecords): number =>
  Math.round(((trades.at(-1)?.received_at ?? 0) - (trades.at(-1)?.event_time ?? 0)) / HOUR);

describe('the WebSocket source when the clock jumps', () => {
  const scenarios = new Scenarios();
  const { test } = scenarios;
  let clock: MovableClock;
  let worker: Worker | undefined;

  before(async () => {
    await scenarios.start();
    clock = new MovableClock(test);
    worker = await Worker.start(test, {
      name: 'connect-clock',
      port: test.stack.portBase + 79,
      jvm: clock.jvm,
      properties: {
        'group.id': 'ratehouse-clock',
        'config.storage.topic': 'clock-configs',
        'offset.storage.topic': 'clock-offsets',
        'status.storage.topic': 'clock-status',
      },
    });
  });
  afterEach(() => scenarios.clear());
  after(async () => {
    await worker?.end('SIGTERM');
    await scenarios.remove();
  });

  for (const [way, hours] of [
    ['back', -1],
    ['forward', 1],
  ] as const)
    it(`${way}, loses nothing, gives no identity twice, and imagines neither stall nor gap`, async () => {
      clock.set(0);
      const server = await scenarios.server();
      const feed = await scenarios.feed(`clock-${way}`, server, { 'watchdog.ms': '60000' }, worker?.url);
      const first = await subscribed(server);
      first.trades(500);
      await feed.until('trades by the clock as it was', (records) => records.trades.length === 500);
      clock.set(hours * HOUR);
      await feed.until('trades by the clock as it is', (records) => {
        if (hoursOff(records) !== hours) first.trades(10);
        return hoursOff(records) === hours;
      });
      expect(gapsOf(await feed.records())).to.deep.equal([]);

      first.close(1001);
      (await subscribed(server, 2)).trades(500);
      const count = server.log.items.length;
      await feed.until('trades of the second connection', (records) => records.trades.length === count);
      // From here on the task knows of the time before the jump by its offset alone.
      await feed.connector.restartTask();
      (await subscribed(server, 3)).trades(500);
      const records = await feed.settle();
      expect([records.trades.length, records.lost.length]).to.deep.equal([server.log.items.length, 0]);
      expect(records.events.filter(({ event }) => event === 'stalled')).to.deep.equal([]);
      expect(server.connections).to.have.length(3);
      expect(outagesOf(records).size).to.equal(2);
    });
});
