import { Disk, refusesSmallDisks } from '../../support/faults/disk.ts';
import { faultsLane, FaultStack, TEST_TIMEOUT_MS } from '../../support/faults/fault-stack.ts';
import { pause } from '../../support/faults/process-faults.ts';
import { closingPromises } from '../../support/faults/promises.ts';

const SPEED = 500;
const SECONDS = 30;

/** MiB: what each needs for the recording, and some more. They are of the machine's memory. */
const DISKS = { kafka: 400, clickhouse: 500, flink: 150, ...(faultsLane() === 'both' ? { seaweedfs: 600 } : {}) };

describe(`a disk that is full for ${SECONDS} seconds while 200,000 trades are played`, function () {
  this.timeout(TEST_TIMEOUT_MS);
  const stack = new FaultStack({ speed: SPEED, disks: DISKS });

  before(async () => {
    const why = refusesSmallDisks();
    if (why !== undefined) throw new Error(`This machine allows no file system in a user name space: ${why}`);
    await stack.start();
  });
  after(() => stack.remove('disk full'));

  for (const name of Object.keys(DISKS))
    it(`under ${name}: all of the stack works again by itself once there is room`, async () => {
      const disk = new Disk(stack.test, name);
      await stack.strike(name, async () => {
        await disk.fill();
        try {
          await pause(SECONDS);
        } finally {
          disk.empty();
        }
      });
    });

  closingPromises(() => stack);
});
