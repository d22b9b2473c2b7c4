// Mocha's spec reporter, which also leaves the figures in the file named by RATEHOUSE_TEST_RESULT for the closing line.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class Reporter extends Mocha.reporters.Spec {
  /** @param {Mocha.Runner} runner @param {Mocha.MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const file = process.env['RATEHOUSE_TEST_RESULT'];
      // A pending test did not run, which is no pass.
      const { passes, failures, pending } = this.stats;
      if (file !== undefined) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures + pending }));
    });
  }
}
