import { expect } from 'chai';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { faultsLane, FaultStack, TEST_TIMEOUT_MS } from '../../support/faults/fault-stack.ts';
import { pause } from '../../support/faults/process-faults.ts';
import { whileTaskRuns } from '../../support/faults/gold-run.ts';
import { LAKE_LINKS, Links, PROXIED, STREAM_LINKS, TASK_LINKS } from '../../support/faults/links.ts';
import { closingPromises } from '../../support/faults/promises.ts';
import type { BreakKind } from '../../support/faults/proxy.ts';

/** The two weeks last an hour and a half. */
const SPEED = 220;

/** How long each is broken: a silent one for longer than most heartbeats. */
const KINDS: readonly (readonly [kind: BreakKind, seconds: number])[] = [
  ['cut', 10],
  ['silent', 20],
  ['half-open', 10],
];

describe('connections between two engines that break while 200,000 trades are played', function () {
  this.timeout(TEST_TIMEOUT_MS);
  const stack = new FaultStack({ speed: SPEED, reachedAt: PROXIED });
  let links: Links;

  before(async () => {
    links = await Links.open(stack.test);
    await stack.start();
  });
  after(async () => {
    await stack.remove('broken');
    links.close();
  });

  for (const link of faultsLane() === 'both' ? [...STREAM_LINKS, ...LAKE_LINKS] : STREAM_LINKS)
    for (const [kind, seconds] of KINDS)
      it(`${kind}, from ${link.join(' to ')}: all of the stack works again by itself`, async () => {
        let met = 0;
        await stack.strike(`${kind} ${link.join(' -> ')}`, async () => {
          met = await links.whileBroken(link, kind, () => pause(seconds));
        });
        expect(met).to.be.greaterThan(0);
      });

  for (const [task, ...link] of faultsLane() === 'both' ? TASK_LINKS : [])
    for (const [kind, seconds] of KINDS)
      it(`${kind}, from ${task} to ${link[1]}: the run of gold ends well`, async () => {
        await stack.strike(`${kind} ${task} -> ${link[1]}`, () =>
          whileTaskRuns(stack.test, task, async () => {
            // What a task connects to first, and when, is its own affair.
            await waitFor(async () => (await links.whileBroken(link, kind, () => pause(seconds))) > 0, {
              what: `a connection from ${task} to ${link[1]}`,
              timeoutMs: 120_000,
            });
          }),
        );
      });

  closingPromises(() => stack);
});
