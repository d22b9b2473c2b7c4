import { expect } from 'chai';
import { WebSocket } from 'ws';
import { readFileSync } from 'node:fs';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { Folder, Replay, SYMBOL, TOKEN, DAY_MS, csv, priceText, prices, until } from './harness.ts';

const START = 1_385_337_600_000;
const seconds = (count: number): number[] => Array.from({ length: count }, (_, i) => START + i * 1000);

describe('replay-feed, asked by a WebSocket client', function () {
  this.timeout(30_000);
  let folder: Folder;
  let replays: Replay[];
  beforeEach(() => {
    folder = new Folder();
    replays = [];
  });
  afterEach(async () => {
    await Promise.all(replays.map((replay) => replay.stop()));
    folder.remove();
  });

  const serve = async (content: string, options: Readonly<Record<string, unknown>> = {}): Promise<Replay> => {
    const replay = new Replay({ input: folder.file('trades.csv', content), speed: 'max', ...options });
    replays.push(replay);
    return replay.listening();
  };

  it('refuses a wrong and a missing token with 401, and never logs one', async () => {
    const replay = await serve(csv(seconds(3)));
    for (const query of ['', '?token=', '?token=wrong', `?other=${TOKEN}`]) {
      const socket = new WebSocket(`ws://127.0.0.1:${replay.port}/${query}`);
      let refusal = '';
      socket.on('error', (error) => (refusal = error.message));
      await until('the refusal', () => refusal !== '');
      expect(refusal).to.match(/401/);
    }
    await replay.client();
    expect(replay.lines.join()).not.to.match(new RegExp(`${TOKEN}|wrong,`));
  });

  it('keeps the texts of the numbers, as they stand in the file', async () => {
    const replay = await serve('1385337600,800.010000000000,0.100000000000\n1385337601,8.0e2,1.00\n');
    const client = await replay.subscriber();
    await client.got(2);
    expect(client.texts[0]).to.equal(
      `{"type":"trade","data":[{"c":null,"p":800.010000000000,"s":"${SYMBOL}","t":1385337600000,"v":0.100000000000},` +
        `{"c":null,"p":8.0e2,"s":"${SYMBOL}","t":1385337601000,"v":1.00}]}`,
    );
  });

  it('gives a probe that never subscribes nothing, and consumes nothing for it', async () => {
    const replay = await serve(csv(seconds(50)));
    const probe = await replay.client();
    probe.socket.close();
    await until('the probe to close', () => probe.closed !== undefined);
    expect(probe.texts).to.be.empty;
    expect(await replay.health()).to.include({ position: 0, sent: 0, lost: 0 });
    const client = await replay.subscriber();
    await client.got(50);
    expect(client.prices).to.deep.equal(prices(0, 50));
  });

  it('answers an unknown symbol and a message it does not know, and stays connected', async () => {
    const replay = await serve(csv(seconds(3)));
    const client = await replay.client();
    client.ask('subscribe', 'BINANCE:NOTHING');
    client.socket.send('hello');
    await until('both answers', () => client.texts.length === 2);
    expect(client.texts).to.deep.equal([
      '{"type":"error","msg":"Invalid symbol"}',
      '{"type":"error","msg":"Invalid message"}',
    ]);
    client.ask('subscribe');
    await client.got(3);
  });

  it('loses nothing and keeps the order when the reader is slow', async function () {
    this.timeout(60_000);
    const count = 60_000;
    // Long prices fill the kernel's buffers, so that the replay really has to wait.
    const replay = await serve(csv(seconds(count), 240), { tradesPerFrame: 50 });
    const client = await replay.subscriber();
    client.socket.pause();
    let position = 0;
    const blocked = async (): Promise<boolean> => {
      const before = position;
      position = Number((await replay.health())['position']);
      return position > 0 && position === before;
    };
    await waitFor(blocked, { what: 'the replay to wait for the reader', timeoutMs: 20_000, intervalMs: 100 });
    expect(position).to.be.lessThan(count);
    client.socket.resume();
    await until('all trades', () => client.texts.length >= count / 50, 40_000);
    expect(client.prices).to.deep.equal(prices(0, count, 240));
  });

  it('stops for an unsubscribe, and goes on with the next trade', async () => {
    const replay = await serve(csv(seconds(30)), { speed: 20, tradesPerFrame: 1 });
    const client = await replay.subscriber();
    await client.got(3);
    client.ask('unsubscribe');
    await until('the unsubscribe', () => replay.lines.some((line) => line.includes('unsubscribed')));
    expect(await replay.health()).to.include({ subscribers: 0, connections: 1 });
    const got = client.trades.length;
    client.ask('subscribe');
    await client.got(30);
    expect(got).to.be.lessThan(30);
    expect(client.prices).to.deep.equal(prices(0, 30));
  });

  it('stays connected at the end of the recording, says so, and goes on with its pings', async () => {
    const replay = await serve(csv(seconds(5)), { pingEvery: '0.05' });
    const client = await replay.subscriber();
    await client.got(5);
    const seen = client.pings;
    await until('two more pings', () => client.pings >= seen + 2);
    expect(client.texts).to.include('{"type":"ping"}');
    expect(await replay.health()).to.include({ done: true, sent: 5, position: 5, subscribers: 1 });
  });

  it('gives a second connection only what falls due later', async () => {
    const dayStart = START + 10 * DAY_MS;
    const live = Array.from({ length: 40 }, (_, i) => dayStart + 50 * (i + 1));
    const replay = await serve(csv([...seconds(30), ...live, dayStart + DAY_MS]), { align: 'now', speed: 1 });
    const started = (await replay.health())['anchor'];
    const first = await replay.subscriber();
    await first.got(32);
    const second = await replay.subscriber();
    await second.got(5);
    await first.got(38);
    const next = first.prices.indexOf(second.prices[0] ?? '');
    expect(next).to.be.at.least(31);
    expect(second.prices.slice(0, 5)).to.deep.equal(first.prices.slice(next, next + 5));
    expect(first.prices.slice(0, 30)).to.deep.equal(prices(0, 30));
    expect(second.trades[0]?.time).to.be.greaterThan(Number(started));
  });

  it('notes each frame it has sent', async () => {
    const sentLog = folder.file('sent.jsonl');
    const replay = await serve(csv(seconds(45)), { sentLog });
    await (await replay.subscriber()).got(45);
    const lines = readFileSync(sentLog, 'utf8').trimEnd().split('\n');
    const frames = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(frames.map(({ connection, first, count }) => [connection, first, count])).to.deep.equal([
      [1, 0, 20],
      [1, 20, 20],
      [1, 40, 5],
    ]);
    expect(Math.abs(Date.now() - (frames[0]?.['at'] ?? 0))).to.be.lessThan(60_000);
  });

  it('says goodbye with 1001, and reports what it sent', async () => {
    const replay = await serve(csv(seconds(7)));
    const client = await replay.subscriber();
    await client.got(7);
    expect(await replay.stop()).to.include({ sent: 7, lost: 0, done: true });
    expect(client.closed).to.equal(1001);
  });

  it('shows itself on a page, with the symbol as text', async () => {
    const replay = await serve(csv(seconds(2)), { symbol: 'A<b>' });
    const response = await fetch(`http://127.0.0.1:${replay.port}/`);
    expect(response.headers.get('content-type')).to.match(/text\/html/);
    expect(await response.text())
      .to.include('A&#60;b&#62;')
      .and.to.include('<th>position</th>');
    expect((await fetch(`http://127.0.0.1:${replay.port}/elsewhere`)).status).to.equal(404);
  });

  it('names every option that is wrong', async () => {
    const failure = await new Replay({ input: 'x', align: 'now', speed: 'max' }).stop().catch(String);
    expect(failure).to.match(/--speed: max goes with --align recorded/);
    const both = await new Replay({ input: 'x', port: 'http', tradesPerFrame: '0' }).stop().catch(String);
    expect(both).to.match(/--port: .*--trades-per-frame: /);
    expect(priceText(1)).to.equal('800.000000000001');
  });
});
