import { FaultStack, TEST_TIMEOUT_MS } from '../../support/faults/fault-stack.ts';
import { closingPromises } from '../../support/faults/promises.ts';
import { readMarks } from '../../support/faults/signs.ts';

const SPEED = 500;
const MINUTE = 60_000;

/** How far the feed's clock is from what it was, in minutes. */
const SKEWS = [-24 * 60, -60, -2, 2, 20, 60] as const;

describe('a feed whose clock jumps for a trade, and back, while 200,000 trades are played', function () {
  this.timeout(TEST_TIMEOUT_MS);
  const stack = new FaultStack({ speed: SPEED });
  before(() => stack.start());
  after(() => stack.remove("the feed's clock, minutes"));

  for (const minutes of SKEWS)
    it(`by ${minutes} minutes: all of the stack goes on by itself`, async () => {
      await stack.strike(String(minutes), async () => {
        // What is newest of the recording now.
        const { candle } = await readMarks(stack.test);
        await stack.inject(candle + minutes * MINUTE);
      });
    });

  closingPromises(() => stack);
});
