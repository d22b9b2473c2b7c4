import { expect } from 'chai';
import { missing, NEEDS, SPEED_LANE_NEEDS } from '../../../stack/prerequisites.mjs';

const READY = {
  platform: 'linux-x64',
  node: '20.19.0',
  python: '3.11.2',
  pythonVenv: true,
  java17: '/jdk17',
  java25: '/jdk25',
  maven: 'mvn',
  memoryGiB: NEEDS.memoryGiB,
  diskGiB: NEEDS.diskGiB,
  takenPorts: [],
};

describe('prerequisites', () => {
  it('finds nothing missing on a machine that has just enough', () => {
    expect(missing(READY, 19_000)).to.deep.equal([]);
  });

  const cases: readonly (readonly [string, object, RegExp])[] = [
    ['another system', { platform: 'darwin-arm64' }, /Linux on x64.*darwin-arm64/],
    ['an older Node', { node: '20.18.9' }, /Node 20\.19.*found 20\.18\.9/],
    ['an older Python', { python: '3.9.18' }, /Python 3\.11.*found 3\.9\.18/],
    ['a Python without venv', { pythonVenv: false }, /no venv module/],
    ['no JDK 17', { java17: undefined }, /JDK 17.*RATEHOUSE_JAVA17_HOME/],
    ['no JDK 25', { java25: undefined }, /JDK 25.*RATEHOUSE_JAVA25_HOME/],
    ['no Maven', { maven: undefined }, /Maven \(mvn\)/],
    ['too little memory', { memoryGiB: 2.5 }, /12 GiB of available memory.*2\.5 GiB/],
    ['too little disk', { diskGiB: 1 }, /12 GiB of free disk.*RATEHOUSE_CACHE/],
    [
      'a taken port',
      { takenPorts: [{ name: 'kafka', port: 19_001 }] },
      /19001 \(kafka\).*RATEHOUSE_PORT_BASE \(now 19000\)/,
    ],
  ];
  for (const [what, change, message] of cases) {
    it(`says what to do about ${what}`, () => {
      const lines = missing({ ...READY, ...change }, 19_000);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(message);
    });
  }

  it('asks less of a machine that runs the speed lane alone, and says so to a small one', () => {
    const small = { ...READY, memoryGiB: SPEED_LANE_NEEDS.memoryGiB, diskGiB: SPEED_LANE_NEEDS.diskGiB };
    expect(missing(small, 19_000, SPEED_LANE_NEEDS)).to.deep.equal([]);
    expect(missing(small, 19_000).join()).to.include('--lane speed');
  });

  it('takes newer versions of everything', () => {
    expect(missing({ ...READY, node: '24.0.0', python: '4.0.0' }, 19_000)).to.deep.equal([]);
  });
});
