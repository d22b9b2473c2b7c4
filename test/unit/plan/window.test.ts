import { expect } from 'chai';
import { parseWindow } from '../../../tasks/src/lib/plan/window.ts';

const wrong = (start: string | undefined, end: string | undefined, message: RegExp): void => {
  expect(() => parseWindow(start, end))
    .to.throw(message)
    .with.property('code', 'RATEHOUSE_USAGE');
};

describe('the window of a plan', () => {
  it('is whole minutes, in any zone', () => {
    expect(parseWindow('2026-01-31T12:00:00Z', '2026-01-31T14:01+01:00')).to.deep.equal({
      start: new Date('2026-01-31T12:00:00Z'),
      end: new Date('2026-01-31T13:01:00Z'),
    });
  });

  it('is none when neither end is given, and wrong when only one is', () => {
    expect(parseWindow(undefined, undefined)).to.equal(undefined);
    wrong('2026-01-31T12:00:00Z', undefined, /both --start and --end/);
    wrong(undefined, '2026-01-31T12:00:00Z', /both --start and --end/);
  });

  it('is refused when it cuts a minute, has no zone, or is no time', () => {
    wrong('2026-01-31T12:00:30Z', '2026-01-31T13:00:00Z', /--start must be an ISO time.*whole minute/);
    wrong('2026-01-31T12:00:00Z', '2026-01-31T13:00:00.001Z', /--end must be an ISO time.*whole minute/);
    wrong('2026-01-31T12:00:00', '2026-01-31T13:00:00Z', /--start must be an ISO time with its zone/);
    wrong('2026-02-31T12:00:00Z', 'tomorrow', /--(start|end) must be an ISO time/);
  });

  it('is refused when it ends before it begins, or where it begins', () => {
    wrong('2026-01-31T13:00:00Z', '2026-01-31T12:00:00Z', /--start must be before --end/);
    wrong('2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z', /--start must be before --end/);
  });
});
