import { expect } from 'chai';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { gapsOf, outagesOf, written } from '../../support/source/records.ts';
import { Scenarios } from '../../support/source/scenarios.ts';
import type { VenueConnection } from '../../support/source/venue-connection.ts';
import type { VenueServer } from '../../support/source/venue-server.ts';

const SYMBOLS = Array.from({ length: 12 }, (_, i) => `S${i + 1}`);
const OTHER_TOKENS = ['a-second-token', 'a-third-token'];

const open = (server: VenueServer): VenueConnection[] => server.connections.filter(({ isOpen }) => isOpen);

/** Waits until so many connections are open and have all symbols among them, each of them once. */
async function spread(server: VenueServer, connections: number): Promise<VenueConnection[]> {
  return waitFor(
    () => {
      const now = open(server);
      const symbols = now.flatMap((connection) => connection.symbols);
      const all = symbols.length === SYMBOLS.length && new Set(symbols).size === SYMBOLS.length;
      return Promise.resolve(now.length === connections && all && now);
    },
    { what: `all symbols on ${connections} connections`, timeoutMs: 120_000, intervalMs: 20 },
  );
}

describe('the WebSocket source with several tokens', () => {
  const scenarios = new Scenarios();
  let load: NodeJS.Timeout | undefined;

  before(() => scenarios.start());
  afterEach(async () => {
    clearInterval(load);
    await scenarios.clear();
  });
  after(() => scenarios.remove());

  it('has a task and a connection for each, and accounts for everything when there are fewer, and more again', async () => {
    const { test } = scenarios;
    const server = await scenarios.server();
    const first = `\${file:${test.taskEnv['RATEHOUSE_CONNECT_SECRETS'] ?? ''}:replay.token}`;
    const tokens = (count: number): string => [first, ...OTHER_TOKENS].slice(0, count).join();
    const feed = await scenarios.feed('tokens', server, {
      'tasks.max': '3',
      'feed.token': tokens(3),
      'feed.symbols': SYMBOLS.join(),
    });
    const three = await spread(server, 3);
    expect(new Set(server.attempts.map(({ token }) => token))).to.deep.equal(
      new Set([test.stack.credentials.replayToken, ...OTHER_TOKENS]),
    );
    load = setInterval(() => {
      for (const connection of open(server)) if (connection.symbols.length > 0) connection.trades(20);
    }, 50);
    await feed.until('trades of all tasks', written(3000));

    await feed.reconfigure({ 'feed.token': tokens(1) });
    const [one] = await spread(server, 1);
    const fewer = server.log.items.length;
    await feed.until('trades of the one task', ({ trades }) => Number(trades.at(-1)?.volume) > fewer);
    await feed.reconfigure({ 'feed.token': tokens(2) });
    const two = await spread(server, 2);
    const more = server.log.items.length;
    await feed.until('trades of two tasks', ({ trades }) => Number(trades.at(-1)?.volume) > more + 1000);
    clearInterval(load);

    const secrets = [test.stack.credentials.replayToken, ...OTHER_TOKENS];
    const records = await feed.settle({ tasks: 2, secrets });
    expect(new Set(three.map(({ symbols }) => symbols.length > 0))).to.deep.equal(new Set([true]));
    expect(one?.symbols).to.have.members(SYMBOLS);
    const left = records.events.filter(({ event, reason }) => event === 'disconnected' && reason?.includes('no more'));
    expect(left.map(({ connection_id }) => connection_id % 1000).sort()).to.deep.equal([1, 2]);
    // Every symbol was away at each of the two changes, whoever's it was, and no outage is told twice.
    const gaps = [...outagesOf(records).values()].flat();
    for (const symbol of SYMBOLS) expect(gaps.filter((each) => each === symbol).length, symbol).to.be.at.least(2);
    // The second task misses its symbols since the first had them, however long it took to start.
    const takenOver = records.events.filter(
      ({ event, reason, connection_id }) =>
        event === 'gap' && reason === 'taken over from another task of the feed' && connection_id % 1000 === 1,
    );
    const shares = two.map(({ symbols }) => [...symbols].sort());
    expect(shares).to.deep.include(takenOver.flatMap(({ symbols }) => symbols).sort());
    const ofTheFirst = gapsOf(records).filter(({ connection_id }) => connection_id % 1000 === 0);
    for (const { gap_from, symbols } of takenOver)
      for (const symbol of symbols) {
        const told = ofTheFirst.filter((gap) => gap.symbols.includes(symbol)).map(({ gap_to }) => gap_to ?? NaN);
        expect(gap_from, symbol).to.be.at.most(Math.max(...told));
      }
  });

  it('tells the token to nobody but the venue', async () => {
    expect(await scenarios.test.leaks()).to.deep.equal([]);
  });
});
