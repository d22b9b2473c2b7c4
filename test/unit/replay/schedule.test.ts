import { expect } from 'chai';
import fc from 'fast-check';
import {
  DAY_MS,
  NowSchedule,
  PlayClock,
  RecordedSchedule,
  type Times,
} from '../../../tasks/src/lib/replay/schedule.ts';

const START = 1_385_337_600_000;
const ANCHOR = 1_800_000_000_123;

const timesOf = (times: readonly number[]): Times => ({ length: times.length, time: (i) => times[i] ?? NaN });
/** Up to three days of trades in ascending order, several of one instant among them. */
const recordings = fc
  .array(fc.integer({ min: 0, max: 3 * DAY_MS }), { minLength: 1, maxLength: 40 })
  .map((offsets) => offsets.map((o) => START + o).sort((a, b) => a - b));
const speeds = fc.oneof(fc.constant(1), fc.double({ min: 0.01, max: 100_000, noNaN: true }));
const ranges = (schedule: { dueCount(at: number): number }, instants: readonly number[]): number[] =>
  instants.map((at) => schedule.dueCount(at));

describe('replay-feed at recorded times', () => {
  it('has every trade due exactly once, in order, whenever it is asked', () => {
    fc.assert(
      fc.property(recordings, speeds, fc.array(fc.nat(DAY_MS)), (times, speed, steps) => {
        const schedule = new RecordedSchedule(timesOf(times), speed);
        const instants = steps.map((s) => s / speed).sort((a, b) => a - b);
        const counts = ranges(schedule, instants);
        expect(counts).to.deep.equal([...counts].sort((a, b) => a - b));
        counts.forEach((count, i) => {
          expect(times.filter((_, n) => schedule.dueAfter(n) <= (instants[i] ?? 0))).to.have.length(count);
        });
        expect(schedule.dueCount(schedule.dueAfter(times.length - 1))).to.equal(times.length);
      }),
    );
  });

  it('has everything due at once at the speed max', () => {
    expect(new RecordedSchedule(timesOf([START, START + DAY_MS]), Infinity).dueCount(0)).to.equal(2);
  });

  it('does not count pauses as playing', () => {
    const clock = new PlayClock(5);
    clock.run(100);
    clock.run(150);
    clock.pause(200);
    clock.pause(900);
    expect(clock.played(1000)).to.equal(105);
    clock.run(1000);
    expect(clock.played(1010)).to.equal(115);
  });
});

describe('replay-feed aligned to now', () => {
  it('moves the recording so that its past ends at the anchor, by the same whole number of milliseconds for each trade', () => {
    fc.assert(
      fc.property(recordings, (times) => {
        const schedule = new NowSchedule(timesOf(times), ANCHOR, 1);
        const shift = ANCHOR - ((times.at(-1) ?? 0) - DAY_MS);
        times.forEach((time, i) => {
          expect(schedule.time(i)).to.equal(time + shift);
          expect(schedule.time(i) <= ANCHOR).to.equal(i < schedule.pastCount);
        });
      }),
    );
  });

  it('plays each trade of the last day exactly once a pass, and does not drift over years', () => {
    fc.assert(
      fc.property(recordings, fc.nat(5000), (times, pass) => {
        const schedule = new NowSchedule(timesOf(times), ANCHOR, 1);
        const day = times.length - schedule.pastCount;
        const first = schedule.pastCount + pass * day;
        expect(schedule.dueCount(ANCHOR + pass * DAY_MS)).to.equal(first);
        expect(schedule.dueCount(ANCHOR + (pass + 1) * DAY_MS)).to.equal(first + day);
        for (let n = 0; n < day; n += 1) {
          expect(schedule.place(first + n)).to.equal(schedule.pastCount + n);
          expect(schedule.time(first + n)).to.equal(schedule.time(schedule.pastCount + n) + pass * DAY_MS);
        }
      }),
    );
  });

  it('says the same of any instant, asked for the first time or after every millisecond before', () => {
    fc.assert(
      fc.property(recordings, speeds, fc.nat(40 * DAY_MS), (times, speed, later) => {
        const schedule = new NowSchedule(timesOf(times), ANCHOR, speed);
        const at = ANCHOR + Math.floor(later / speed);
        const due = schedule.dueCount(at);
        expect(schedule.time(due)).to.be.greaterThan(at);
        if (due > schedule.pastCount) expect(schedule.time(due - 1)).to.be.at.most(at);
      }),
    );
  });

  it('has nothing live due before the anchor, should the clock go back', () => {
    const schedule = new NowSchedule(timesOf([START, START + 2 * DAY_MS]), ANCHOR, 1);
    expect(schedule.dueCount(ANCHOR - DAY_MS))
      .to.equal(schedule.pastCount)
      .and.to.equal(1);
  });
});
