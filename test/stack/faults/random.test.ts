import { randomInt } from 'node:crypto';
import { stackEngines } from '../../../stack/lib/lifecycle.ts';
import { faultsLane, FaultStack, TEST_TIMEOUT_MS } from '../../support/faults/fault-stack.ts';
import { pause } from '../../support/faults/process-faults.ts';
import { LAKE_LINKS, Links, PROXIED, STREAM_LINKS } from '../../support/faults/links.ts';
import { closingPromises } from '../../support/faults/promises.ts';
import { nextFault } from '../../support/faults/random-faults.ts';
import { seeded } from '../../support/faults/random.ts';

const MINUTES = Number(process.env['RATEHOUSE_FAULTS_MINUTES'] ?? 10);
const SEED = Number(process.env['RATEHOUSE_FAULTS_SEED'] ?? randomInt(2 ** 31));

/** The two weeks in five times the time for which faults come: they go on for longer while the stack gets well. */
const SPEED = Math.max(100, Math.floor((14 * 86_400) / (5 * MINUTES * 60)));

/** Of these faults, one in so many is waited out; the others come while what an earlier one broke is still broken. */
const WAITED_OUT = 0.4;

describe(`faults at random for ${MINUTES} minutes while 200,000 trades are played (RATEHOUSE_FAULTS_SEED=${SEED})`, function () {
  this.timeout(TEST_TIMEOUT_MS + MINUTES * 60_000);
  const stack = new FaultStack({ speed: SPEED, reachedAt: PROXIED });
  let links: Links;

  before(async () => {
    links = await Links.open(stack.test);
    await stack.start();
  });
  after(async () => {
    await stack.remove('at random');
    links.close();
  });

  it('all of the stack works again by itself, whatever the order', async () => {
    const random = seeded(SEED);
    const engines = stackEngines({ lane: faultsLane() }).map(({ name }) => name);
    const broken = faultsLane() === 'both' ? [...STREAM_LINKS, ...LAKE_LINKS] : STREAM_LINKS;
    const end = Date.now() + MINUTES * 60_000;
    let last = 'nothing';
    for (let number = 1; Date.now() < end; number += 1) {
      const fault = nextFault(random, { stack, links, engines, broken });
      // Drawn whether or not they are used, so that the order of faults is the seed's alone.
      const [waited, seconds] = [random() < WAITED_OUT, 2 + random() * 13];
      last = `${number}: ${fault.name}`;
      process.stdout.write(`      ${last}\n`);
      if (waited) await stack.strike(last, () => fault.act());
      else {
        await fault.act();
        await pause(seconds);
      }
    }
    await stack.strike(`the last, ${last}`, () => Promise.resolve());
  });

  closingPromises(() => stack);
});
