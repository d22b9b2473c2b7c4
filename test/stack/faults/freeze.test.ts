import { stackEngines } from '../../../stack/lib/lifecycle.ts';
import { faultsLane, FaultStack, TEST_TIMEOUT_MS } from '../../support/faults/fault-stack.ts';
import { closingPromises } from '../../support/faults/promises.ts';

const SPEED = 500;
const SECONDS = 30;

describe(`an engine that is frozen for ${SECONDS} seconds while 200,000 trades are played`, function () {
  this.timeout(TEST_TIMEOUT_MS);
  const stack = new FaultStack({ speed: SPEED });
  before(() => stack.start());
  after(() => stack.remove('frozen'));

  for (const { name } of stackEngines({ lane: faultsLane() }))
    it(`${name}: all of the stack works again by itself`, async () => {
      await stack.strike(name, () => stack.freeze(SECONDS, name));
    });

  closingPromises(() => stack);
});
