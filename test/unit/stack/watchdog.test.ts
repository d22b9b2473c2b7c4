import { expect } from 'chai';
import { Watchdog, type Watched } from '../../../stack/lib/watchdog.ts';

const PATIENCE = 1000;
const kafka = (ready: boolean): Watched => ({ name: 'kafka', after: [], pid: 1, ready });
const registry = (ready: boolean, pid: number | null = 2): Watched => ({
  name: 'registry',
  after: ['kafka'],
  pid: pid ?? undefined,
  ready,
});

describe('the watchdog over engines', () => {
  let watchdog: Watchdog;
  const hung = (now: number, ...engines: Watched[]): string[] => watchdog.hung(engines, now).map(({ name }) => name);

  beforeEach(() => {
    watchdog = new Watchdog(PATIENCE);
  });

  it('ends one that has not answered for as long as its patience lasts, once', () => {
    expect(hung(0, kafka(true), registry(false))).to.deep.equal([]);
    expect(hung(999, kafka(true), registry(false))).to.deep.equal([]);
    expect(hung(1000, kafka(true), registry(false))).to.deep.equal(['registry']);
    expect(hung(1001, kafka(true), registry(false))).to.deep.equal([]);
  });

  it('begins anew with an answer, and with another process', () => {
    expect(hung(0, kafka(true), registry(false))).to.deep.equal([]);
    expect(hung(900, kafka(true), registry(true))).to.deep.equal([]);
    expect(hung(1100, kafka(true), registry(false))).to.deep.equal([]);
    expect(hung(2000, kafka(true), registry(false, 3))).to.deep.equal([]);
    expect(hung(2999, kafka(true), registry(false, 3))).to.deep.equal([]);
    expect(hung(3000, kafka(true), registry(false, 3))).to.deep.equal(['registry']);
  });

  it('does not blame who waits for another', () => {
    expect(hung(0, kafka(false), registry(false))).to.deep.equal([]);
    expect(hung(1000, kafka(false), registry(false))).to.deep.equal(['kafka']);
    expect(hung(1100, kafka(true), registry(false))).to.deep.equal([]);
    expect(hung(2099, kafka(true), registry(false))).to.deep.equal([]);
    expect(hung(2100, kafka(true), registry(false))).to.deep.equal(['registry']);
  });

  it('leaves one without a process to the supervisor', () => {
    expect(hung(0, kafka(true), registry(false, null))).to.deep.equal([]);
    expect(hung(9000, kafka(true), registry(false, null))).to.deep.equal([]);
  });
});
