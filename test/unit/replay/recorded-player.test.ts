import { expect } from 'chai';
import { Folder, prices } from './harness.ts';
import { type Stage, Theatre } from './fakes.ts';

const NOW = 1_800_000_000_000;
const START = 1_385_337_600_000;
const TIMES = [0, 1000, 1000, 2000, 5000, 9000].map((offset) => START + offset);

describe('replay-feed at recorded times, played', () => {
  let folder: Folder;
  let stage: Stage;
  beforeEach(() => {
    folder = new Folder();
    stage = { mode: 'recorded', times: TIMES, state: folder.file('state.json') };
  });
  afterEach(() => {
    folder.remove();
  });

  it('starts with the first subscriber and keeps the distances of the recording', () => {
    const theatre = new Theatre(NOW, stage);
    expect(theatre.at(NOW + 60_000)).to.equal(Infinity);
    const listener = theatre.subscribe();
    expect(theatre.at(NOW + 60_000)).to.equal(1000);
    expect(listener.prices).to.deep.equal(prices(0, 1));
    theatre.at(NOW + 61_000);
    expect(listener.prices).to.deep.equal(prices(0, 3));
    expect(listener.texts).to.have.length(2);
    expect(listener.times).to.deep.equal(TIMES.slice(0, 3));
  });

  it('plays as many recorded seconds to a second as the speed says', () => {
    const theatre = new Theatre(NOW, { ...stage, speed: 10 });
    const listener = theatre.subscribe();
    theatre.at(NOW);
    theatre.at(NOW + 500);
    expect(listener.prices).to.deep.equal(prices(0, 5));
  });

  it('stands still while nobody is subscribed, and loses nothing', () => {
    const theatre = new Theatre(NOW, stage);
    const first = theatre.subscribe();
    theatre.at(NOW);
    theatre.at(NOW + 1500);
    theatre.leave(first);
    theatre.at(NOW + 1500);
    const second = theatre.subscribe();
    expect(theatre.at(NOW + 900_000)).to.equal(500);
    theatre.at(NOW + 908_000);
    expect([...first.prices, ...second.prices]).to.deep.equal(prices(0, 6));
    expect(theatre.player.progress()).to.include({ done: true, sent: 6, lost: 0 });
  });

  it('goes at the pace of the slowest', () => {
    const theatre = new Theatre(NOW, { ...stage, speed: Infinity, tradesPerFrame: 2 });
    const [quick, slow] = [theatre.subscribe(), theatre.subscribe()];
    theatre.player.step();
    slow.writable = false;
    theatre.at(NOW);
    expect(quick.prices).to.deep.equal(prices(0, 2));
    slow.writable = true;
    theatre.at(NOW);
    expect(quick.prices).to.deep.equal(prices(0, 6));
    expect(slow.prices).to.deep.equal(prices(0, 6));
  });

  it('holds its position in a stall', () => {
    const theatre = new Theatre(NOW, stage);
    const listener = theatre.subscribe();
    theatre.at(NOW);
    theatre.feed.request({ fault: 'stall', seconds: 60, pings: true });
    expect(theatre.at(NOW)).to.equal(60_000);
    expect(theatre.at(NOW + 60_000)).to.equal(1000);
    theatre.at(NOW + 61_000);
    expect(listener.prices).to.deep.equal(prices(0, 3));
  });

  it('goes on after a restart with the trade that is next', () => {
    const before = new Theatre(NOW, stage);
    const first = before.subscribe();
    before.at(NOW);
    before.at(NOW + 1000);
    before.stop();
    const after = new Theatre(NOW + 60_000, stage);
    const second = after.subscribe();
    expect(after.at(NOW + 60_000)).to.equal(3000);
    expect([...first.prices, ...second.prices]).to.deep.equal(prices(0, 4));
    expect(after.player.progress()).to.include({ sent: 4, uncertain: 0, position: 4 });
  });

  it('never sends a trade twice, killed after any frame, and leaves no more open than was due', () => {
    for (let frames = 0; frames <= 3; frames += 1) {
      const state = folder.file(`state-${frames}.json`);
      const before = new Theatre(NOW, { ...stage, state, tradesPerFrame: 1 });
      const first = before.subscribe();
      before.at(NOW);
      before.now = NOW + 1000;
      for (let i = 0; i < frames; i += 1) before.player.step();
      const after = new Theatre(NOW, { ...stage, state, speed: Infinity });
      const second = after.subscribe();
      after.at(NOW);
      const all = [...first.prices, ...second.prices];
      expect(new Set(all).size).to.equal(all.length);
      const { sent, uncertain } = after.player.progress();
      expect(sent + uncertain).to.equal(6);
      expect(uncertain).to.be.at.most(3);
    }
  });
});
