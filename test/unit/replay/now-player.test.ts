import { expect } from 'chai';
import { Folder, DAY_MS, prices } from './harness.ts';
import { type Stage, Theatre } from './fakes.ts';

const NOW = 1_800_000_000_000;
const LAST = 1_385_900_000_000;
const DAY_START = LAST - DAY_MS;

/** Five trades of the past, and a day of four: 1 s, 2 s and 3 s after its start and at its end. */
const TIMES = [
  ...[5, 4, 3, 2, 0].map((hours) => DAY_START - hours * 3_600_000),
  ...[1000, 2000, 3000, DAY_MS].map((offset) => DAY_START + offset),
];

describe('replay-feed aligned to now, played', () => {
  let folder: Folder;
  let stage: Stage;
  beforeEach(() => {
    folder = new Folder();
    stage = { mode: 'now', times: TIMES, state: folder.file('state.json') };
  });
  afterEach(() => {
    folder.remove();
  });

  it('sends the past at once to the first who subscribes, and the day as it falls due to all', () => {
    const theatre = new Theatre(NOW, stage);
    const first = theatre.subscribe();
    expect(theatre.at(NOW)).to.equal(1000);
    expect(first.prices).to.deep.equal(prices(0, 5));
    expect(Math.max(...first.times)).to.equal(NOW);
    const second = theatre.subscribe();
    theatre.at(NOW + 2000);
    expect(first.prices).to.deep.equal(prices(0, 7));
    expect(second.prices).to.deep.equal(prices(5, 2));
    expect(second.times).to.deep.equal([NOW + 1000, NOW + 2000]);
    expect(theatre.player.progress()).to.include({ sent: 7, lost: 0, uncertain: 0, position: 7 });
  });

  it('plays the day for ever, each pass a day later than the one before', () => {
    const theatre = new Theatre(NOW, stage);
    const listener = theatre.subscribe();
    theatre.at(NOW + 3 * DAY_MS);
    const days = [0, 1, 2].flatMap((day) => [1000, 2000, 3000, DAY_MS].map((offset) => NOW + day * DAY_MS + offset));
    expect(listener.times.slice(5)).to.deep.equal(days);
    expect(listener.prices.slice(5)).to.deep.equal([...prices(5, 4), ...prices(5, 4), ...prices(5, 4)]);
  });

  it('lets go what falls due while nobody is subscribed, and counts it', () => {
    const theatre = new Theatre(NOW, stage);
    const first = theatre.subscribe();
    theatre.at(NOW + 1000);
    theatre.leave(first);
    theatre.at(NOW + 2500);
    const second = theatre.subscribe();
    theatre.at(NOW + 3000);
    expect(second.prices).to.deep.equal(prices(7, 1));
    expect(theatre.player.progress()).to.include({ sent: 7, lost: 1 });
  });

  it('goes on by the same clock after a restart days later, and counts what fell due meanwhile as lost', () => {
    const before = new Theatre(NOW, stage);
    before.subscribe();
    before.at(NOW + 1500);
    before.stop();
    const after = new Theatre(NOW + 2 * DAY_MS + 1000, stage);
    const listener = after.subscribe();
    after.at(NOW + 2 * DAY_MS + 2000);
    expect(listener.prices).to.deep.equal(prices(6, 1));
    expect(listener.times).to.deep.equal([NOW + 2 * DAY_MS + 2000]);
    expect(after.player.progress()).to.include({ anchor: NOW, sent: 7, lost: 8, uncertain: 0 });
  });

  it('never sends the past twice, killed after any of its frames, and says what that leaves open', () => {
    for (let frames = 0; frames <= 5; frames += 1) {
      const state = folder.file(`state-${frames}.json`);
      const before = new Theatre(NOW, { ...stage, state, tradesPerFrame: 1 });
      const first = before.subscribe();
      for (let i = 0; i < frames; i += 1) before.player.step();
      const after = new Theatre(NOW, { ...stage, state });
      const second = after.subscribe();
      after.at(NOW);
      expect([...first.prices, ...second.prices]).to.deep.equal(frames === 0 ? prices(0, 5) : prices(0, frames));
      const { sent, uncertain } = after.player.progress();
      expect(sent + uncertain, `killed after ${frames} frames`).to.equal(5);
    }
  });

  it('says of what fell due around a kill that it may have been sent, and of what came later that it was not', () => {
    const before = new Theatre(NOW, stage);
    before.subscribe();
    before.at(NOW);
    before.at(NOW + 1500);
    // Nothing was saved since the past was finished; at the latest two seconds later it would have been.
    const after = new Theatre(NOW + DAY_MS / 2, stage);
    const listener = after.subscribe();
    after.at(NOW + DAY_MS);
    expect(listener.prices).to.deep.equal(prices(8, 1));
    expect(after.player.progress()).to.include({ sent: 6, uncertain: 2, lost: 1 });
  });

  it('keeps the past that a first reader left for the next who subscribes, each trade once', () => {
    const theatre = new Theatre(NOW, { ...stage, tradesPerFrame: 2 });
    const first = theatre.subscribe();
    theatre.player.step();
    const bystander = theatre.subscribe();
    theatre.leave(first);
    theatre.at(NOW);
    expect(bystander.prices).to.be.empty;
    const next = theatre.subscribe();
    theatre.player.step();
    // Closing, but not gone: the one after it need not wait for that.
    next.cut();
    const last = theatre.subscribe();
    theatre.leave(next);
    theatre.at(NOW);
    expect([...first.prices, ...next.prices, ...last.prices]).to.deep.equal(prices(0, 5));
  });

  it('holds nobody up for a slow subscriber, and has the slow one miss nothing', () => {
    const theatre = new Theatre(NOW, stage);
    const slow = theatre.subscribe();
    const quick = theatre.subscribe();
    slow.writable = false;
    theatre.at(NOW + 3000);
    expect(quick.prices).to.deep.equal(prices(5, 3));
    expect(theatre.player.progress()).to.include({ sent: 3, lost: 0 });
    slow.writable = true;
    theatre.at(NOW + 3000);
    expect(slow.prices).to.deep.equal(prices(0, 8));
    expect(theatre.player.progress()).to.include({ sent: 8, lost: 0 });
  });

  it('never sends what falls due in a stall', () => {
    const theatre = new Theatre(NOW, stage);
    const listener = theatre.subscribe();
    theatre.at(NOW + 1500);
    theatre.feed.request({ fault: 'stall', seconds: 1, pings: true });
    expect(theatre.at(NOW + 1600)).to.equal(900);
    theatre.at(NOW + 3000);
    expect(listener.prices).to.deep.equal([...prices(0, 6), ...prices(7, 1)]);
    expect(theatre.player.progress()).to.include({ sent: 7, lost: 1 });
  });

  it('sends nothing again when the clock goes back', () => {
    const theatre = new Theatre(NOW, stage);
    const first = theatre.subscribe();
    theatre.at(NOW + 2000);
    theatre.leave(first);
    theatre.now = NOW + 500;
    const second = theatre.subscribe();
    theatre.at(NOW + 2500);
    expect(second.prices).to.be.empty;
    theatre.at(NOW + 3000);
    expect(second.prices).to.deep.equal(prices(7, 1));
  });

  it('plays faster at another speed, with times that are never ahead of the clock', () => {
    const theatre = new Theatre(NOW, { ...stage, speed: 1000 });
    const listener = theatre.subscribe();
    theatre.at(NOW + DAY_MS / 1000);
    expect(listener.prices).to.deep.equal(prices(0, 9));
    expect(listener.times.slice(5)).to.deep.equal([NOW + 1, NOW + 2, NOW + 3, NOW + DAY_MS / 1000]);
  });

  it('refuses a state that was kept for another recording', () => {
    new Theatre(NOW, stage).stop();
    expect(() => new Theatre(NOW, { ...stage, times: TIMES.slice(1) })).to.throw(/trades: wanted 8, found 9/);
  });
});
