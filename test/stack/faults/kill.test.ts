import { stackEngines } from '../../../stack/lib/lifecycle.ts';
import { faultsLane, FaultStack, TEST_TIMEOUT_MS } from '../../support/faults/fault-stack.ts';
import { killInGold } from '../../support/faults/gold-run.ts';
import { closingPromises } from '../../support/faults/promises.ts';

/** Recorded seconds in a second: the two weeks last forty minutes. */
const SPEED = 500;

describe('an engine that is killed while 200,000 trades are played', function () {
  this.timeout(TEST_TIMEOUT_MS);
  const stack = new FaultStack({ speed: SPEED });
  before(() => stack.start());
  after(() => stack.remove('killed'));

  for (const { name } of stackEngines({ lane: faultsLane() }))
    it(`${name}: all of the stack works again by itself`, async () => {
      await stack.strike(name, () => stack.kill(name));
    });

  if (stack.hasLake) {
    it('Spark in the middle of its merge: the run of gold ends well', async () => {
      await stack.strike('Spark in mid-merge', () => killInGold(stack.test, 'run_spark_sql'));
    });

    it('dbt in the middle of a model: the run of gold ends well', async () => {
      await stack.strike('dbt in mid-model', () => killInGold(stack.test, 'run_dbt'));
    });
  }

  closingPromises(() => stack);
});
