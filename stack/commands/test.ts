import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RatehouseError, describe } from '../../tasks/src/lib/error.ts';
import type { StackCommand, StackCommandContext } from '../lib/command.ts';
import { javaTests } from '../lib/java-tests.ts';
import { install } from '../lib/install.ts';
import { packages } from '../lib/lifecycle.ts';
import { talibPackage } from '../lib/packages.ts';
import { sourceFuzz } from '../lib/source-fuzz.ts';
import { checkAll } from './check.ts';

interface Figures {
  readonly passed: number;
  readonly failed: number;
}
type Suite = (context: StackCommandContext) => Promise<Figures>;

const figures = z.object({ passed: z.number(), failed: z.number() });

/** A suite of mocha's; it passes only if it ran to its end and left its figures. */
const mocha =
  (...files: string[]): Suite =>
  async ({ stack, signal }) => {
    const folder = mkdtempSync(join(tmpdir(), 'ratehouse-figures-'));
    const result = join(folder, 'figures.json');
    const bin = join(stack.root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const argv = [
      '--import',
      'tsx',
      bin,
      '--reporter',
      join(stack.root, 'test', 'reporter.mjs'),
      '--timeout',
      '600000',
      ...files,
    ];
    const child = spawn(process.execPath, argv, {
      cwd: stack.root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, RATEHOUSE_TEST_RESULT: result },
    });
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    try {
      if (!existsSync(result))
        throw new RatehouseError('RATEHOUSE_REFUSED', `mocha did not come to the end of ${files.join(' ')}.`);
      return figures.parse(JSON.parse(readFileSync(result, 'utf8')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

/** What npm test runs, in this order. */
const QUICK: Readonly<Record<string, Suite>> = {
  check: checkAll,
  unit: mocha('test/unit/**/*.test.ts'),
  dags: mocha('test/dags/dags.test.ts'),
  java: javaTests,
  gold: mocha('test/stack/gold.test.ts'),
  prerequisites: mocha('test/stack/prerequisites.test.ts'),
  source: mocha('test/stack/source.test.ts'),
  week: mocha('test/stack/week.test.ts'),
  recovery: mocha('test/stack/recovery.test.ts'),
};

/** Suites that npm run test:all adds: what takes longer. */
const LONG: Readonly<Record<string, Suite>> = {
  replay: mocha('test/stack/replay-*.test.ts'),
  flink: mocha('test/stack/flink/windows.test.ts'),
  'flink-sync': mocha('test/stack/flink/sync.test.ts'),
  catalogs: mocha('test/stack/catalogs.test.ts'),
  'source-faults': mocha('test/stack/source-faults/*.test.ts'),
  corruption: mocha('test/stack/corruption.test.ts'),
  'gold-faults': mocha('test/stack/gold-faults.test.ts'),
  'gold-properties': mocha('test/stack/gold-properties.test.ts'),
  'source-fuzz': sourceFuzz,
  schemas: mocha('test/stack/schemas.test.ts'),
  'faults-kill': mocha('test/stack/faults/kill.test.ts'),
  'faults-pairs': mocha('test/stack/faults/pairs.test.ts'),
  'faults-freeze': mocha('test/stack/faults/freeze.test.ts'),
  'faults-network': mocha('test/stack/faults/network.test.ts'),
  'faults-disk': mocha('test/stack/faults/disk.test.ts'),
  'faults-clock': mocha('test/stack/faults/clock.test.ts'),
  'faults-random': mocha('test/stack/faults/random.test.ts'),
  maintenance: mocha('test/stack/lake-maintenance.test.ts'),
};

/** npm test [-- SUITE ...] and npm run test:all [-- SUITE ...]: ends with one line of figures over all suites. */
export const test: StackCommand = async (context) => {
  const known = context.name === 'test' ? QUICK : { ...QUICK, ...LONG };
  const names = context.args.length > 0 ? context.args.flatMap((name) => partsOf(name, known)) : Object.keys(known);
  for (const name of names) {
    if (known[name] === undefined) {
      throw new RatehouseError(
        'RATEHOUSE_USAGE',
        `There is no suite ${name}. Known: ${Object.keys(known).join(', ')}.`,
      );
    }
  }
  context.say('Installing what is not in the cache yet ...');
  await install([...packages(), talibPackage], context);
  const total = { passed: 0, failed: 0 };
  const rows: string[] = [];
  for (const name of names) {
    context.signal.throwIfAborted();
    context.say(`\n== ${name}`);
    const began = Date.now();
    const { passed, failed } = await runSuite(name, known[name], context);
    total.passed += passed;
    total.failed += failed;
    rows.push(
      `${name.padEnd(15)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s`,
    );
  }
  context.say(`\n${rows.join('\n')}\n`);
  context.say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
};

/** A suite, or all whose names begin with this one: faults for faults-kill, faults-pairs and so on. */
function partsOf(name: string, known: Readonly<Record<string, Suite>>): string[] {
  const parts = Object.keys(known).filter((each) => each.startsWith(`${name}-`));
  return known[name] !== undefined || parts.length === 0 ? [name] : parts;
}

async function runSuite(name: string, suite: Suite | undefined, context: StackCommandContext): Promise<Figures> {
  try {
    const found = await suite?.(context);
    // A suite in which nothing ran is a failure: a wrong pattern must not look like success.
    if (found === undefined || found.passed + found.failed === 0) {
      context.say(`${name}: no test ran`);
      return { passed: 0, failed: 1 };
    }
    return found;
  } catch (error) {
    context.signal.throwIfAborted();
    context.say(`${name} did not run to its end: ${describe(error)}`);
    return { passed: 0, failed: 1 };
  }
}
