import { expect } from 'chai';
import { Socket } from 'node:net';
import { Folder, Replay, csv, prices, until } from './harness.ts';

const START = 1_385_337_600_000;
const COUNT = 40;

describe('replay-feed, asked for faults', function () {
  this.timeout(30_000);
  let folder: Folder;
  let replay: Replay;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(async () => {
    await replay.stop();
    folder.remove();
  });

  const serve = async (options: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    const times = Array.from({ length: COUNT }, (_, i) => START + i * 1000);
    replay = new Replay({ input: folder.file('trades.csv', csv(times)), speed: 'max', ...options });
    await replay.listening();
  };

  it('cuts the TCP connection after as many trades as were asked for, and goes on with the next', async () => {
    await serve();
    expect((await replay.fault({ fault: 'cut', after: 25 })).status).to.equal(202);
    const first = await replay.subscriber();
    await until('the cut', () => first.closed !== undefined);
    expect(first.closed).to.equal(1006);
    // A cut may take with it what was still on its way, as a real one does; what was handed over counts as sent.
    expect(prices(0, 25).slice(0, first.trades.length)).to.deep.equal(first.prices);
    const second = await replay.subscriber();
    await second.got(15);
    expect(second.prices).to.deep.equal(prices(25, 15));
  });

  it('closes with the code that was asked for', async () => {
    await serve();
    const client = await replay.client();
    await replay.fault({ fault: 'close', code: 4001 });
    await until('the close', () => client.closed !== undefined);
    expect(client.closed).to.equal(4001);
  });

  it('goes silent, down to pings and pongs, and takes up where it was', async () => {
    await serve({ pingEvery: 0.02 });
    await replay.fault({ fault: 'stall', seconds: 0.5, pings: false, after: 10 });
    const client = await replay.subscriber();
    await client.got(10);
    await until('the stall', () => replay.lines.some((line) => line.includes('stall')));
    const [pings, before] = [client.pings, Date.now()];
    client.socket.ping();
    await client.got(11);
    expect(Date.now() - before).to.be.greaterThan(300);
    expect(client.pings - pings).to.be.at.most(2);
    expect(client.pongs).to.equal(0);
    await client.got(COUNT);
    expect(client.prices).to.deep.equal(prices(0, COUNT));
  });

  it('goes on with pings in a stall of trades alone', async () => {
    await serve({ pingEvery: 0.02 });
    await replay.fault({ fault: 'stall', seconds: 60, after: 10 });
    const client = await replay.subscriber();
    await client.got(10);
    client.socket.ping();
    await until('pings and a pong in the stall', () => client.pings >= 3 && client.pongs === 1);
    expect(await replay.health()).to.include({ position: 10, stalled: true });
  });

  it('sends garbage in both forms, between trades that are none the worse', async () => {
    await serve({ tradesPerFrame: 10 });
    await replay.fault({ fault: 'garbage', after: 10 });
    await replay.fault({ fault: 'garbage', form: 'negative-price', after: 20 });
    const client = await replay.subscriber();
    await until('all frames', () => client.texts.length === 6);
    expect(() => JSON.parse(client.texts[1] ?? '') as unknown).to.throw(SyntaxError);
    expect(JSON.parse(client.texts[3] ?? '')).to.have.nested.property('data[0].p', -1);
    expect(client.prices.filter((price) => price.startsWith('800'))).to.deep.equal(prices(0, COUNT));
  });

  it('sends a frame in fragments that read as one', async () => {
    await serve({ tradesPerFrame: 10 });
    await replay.fault({ fault: 'fragments', parts: 7 });
    const client = await replay.client();
    let parts = 0;
    // The receiver's own frames are not in the interface of ws: they are counted by the opcodes on the wire.
    const tcp: unknown = Reflect.get(client.socket, '_socket');
    if (!(tcp instanceof Socket)) throw new Error('The client has no socket.');
    tcp.on('data', (bytes: Buffer) => {
      parts += bytes.reduce((sum, byte) => sum + (byte === 0x00 || byte === 0x80 ? 1 : 0), 0);
    });
    client.ask('subscribe');
    await client.got(COUNT);
    expect(client.prices).to.deep.equal(prices(0, COUNT));
    expect(client.texts).to.have.length(4);
    expect(parts).to.be.at.least(6);
  });

  it('sends a trade of a time long past, to the last digit, between trades that are none the worse', async () => {
    await serve({ tradesPerFrame: 10 });
    await replay.fault({ fault: 'late', time: START - 60_000, price: '801.12345678', volume: '0.00000001', after: 20 });
    const client = await replay.subscriber();
    await until('all frames', () => client.texts.length === 5);
    expect(client.texts[2])
      .to.include(`"p":801.12345678`)
      .and.include(`"t":${START - 60_000},"v":0.00000001`);
    expect(client.prices.filter((price) => price !== '801.12345678')).to.deep.equal(prices(0, COUNT));
  });

  it('begins with the faults it was started with, once somebody is there', async () => {
    const faults = folder.file('faults.json', '[{"fault":"close","code":1013},{"fault":"cut","after":30}]');
    await serve({ faults });
    const first = await replay.subscriber();
    await until('the close', () => first.closed !== undefined);
    expect(first.closed).to.equal(1013);
    const second = await replay.subscriber();
    await until('the cut', () => second.closed !== undefined);
    expect(await replay.health()).to.include({ position: 30, faults: 0 });
  });

  it('refuses a fault it does not know with 400, and one without the token with 401', async () => {
    await serve();
    for (const fault of [
      { fault: 'fire' },
      { fault: 'close', code: 1006 },
      { fault: 'cut', afer: 1 },
      'no JSON',
      [1],
    ]) {
      const response = await replay.fault(fault);
      expect(response.status).to.equal(400);
      expect(await response.text()).to.match(/no fault that can be replayed \(.+\)\. Wanted|The body is no JSON/);
    }
    expect((await replay.fault({ fault: 'cut' }, 'wrong')).status).to.equal(401);
    expect(await replay.health()).to.include({ faults: 0 });
  });
});
