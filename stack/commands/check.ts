import { join } from 'node:path';
import type { StackCommand } from '../lib/command.ts';
import { install, type InstallContext } from '../lib/install.ts';
import { mvn } from '../lib/install-maven.ts';
import { pypi } from '../lib/package.ts';
import { run as runCommand } from '../lib/run.ts';

const pythonTools = pypi('tools', ['ruff', 'mypy', 'sqlfluff']);

/** SQL by dialect. */
const SQL: readonly (readonly [dialect: string, folder: string])[] = [
  ['flink', 'flink'],
  ['clickhouse', 'tasks/sql'],
  ['clickhouse', 'stack/sql'],
  ['sparksql', 'spark-sql'],
  ['trino', 'trino'],
];

/** Python: launchers, DAGs, dbt's and Spark's entries, and the tests of these. */
const PYTHON = ['stack', 'dags', 'dbt', 'spark-sql', 'test'];

type Step = readonly [name: string, run: () => Promise<unknown>];

async function steps(context: InstallContext, fix: boolean): Promise<Step[]> {
  const { root } = context.stack;
  const { tools = '' } = await install([pythonTools], context);
  const node = (...argv: string[]): Promise<string> =>
    runCommand([join(root, 'node_modules', '.bin', argv[0] ?? ''), ...argv.slice(1)], {
      cwd: root,
      signal: context.signal,
    });
  const python = (...argv: string[]): Promise<string> =>
    runCommand([join(tools, 'bin', argv[0] ?? ''), ...argv.slice(1)], { cwd: root, signal: context.signal });
  const ruff = join(root, 'stack', 'ruff.toml');
  const java = (...goals: string[]): Promise<string> =>
    mvn(context, '-f', join(root, 'connectors', 'pom.xml'), ...goals);
  const sql = (verb: string): Step[] =>
    SQL.map(([dialect, folder]) => [
      `sqlfluff ${folder}`,
      () => python('sqlfluff', verb, '--dialect', dialect, '--config', join(root, 'stack', 'sqlfluff.cfg'), folder),
    ]);
  if (fix) {
    return [
      ['prettier', () => node('prettier', '--write', '.')],
      ['ruff', () => python('ruff', 'format', '--quiet', '--config', ruff, ...PYTHON)],
      ['spotless', () => java('spotless:apply')],
      ...sql('fix'),
    ];
  }
  return [
    [
      'contracts',
      () =>
        runCommand([process.execPath, '--import', 'tsx', join(root, 'contracts', 'generate.ts'), '--check'], {
          cwd: root,
        }),
    ],
    [
      'tables',
      () =>
        runCommand([process.execPath, '--import', 'tsx', join(root, 'contracts', 'check-tables.ts')], { cwd: root }),
    ],
    ['tsc', () => node('tsc', '--project', root)],
    ['eslint', () => node('eslint', '.')],
    ['prettier', () => node('prettier', '--check', '--log-level', 'warn', '.')],
    ['ruff', () => python('ruff', 'check', '--quiet', '--config', ruff, ...PYTHON)],
    ['ruff format', () => python('ruff', 'format', '--check', '--quiet', '--config', ruff, ...PYTHON)],
    ['mypy', () => python('mypy', '--config-file', join(root, 'stack', 'mypy.ini'), ...PYTHON)],
    ['java', () => java('spotless:check', 'test-compile')],
    ...sql('lint'),
    // With the settings of its own folder: its files are templates.
    ['sqlfluff dbt', () => python('sqlfluff', 'lint', 'dbt/models')],
  ];
}

/** Checks at once: each works on one core. What mends files does so one after the other. */
const LANES = 2;

async function runSteps(context: InstallContext, fix: boolean): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  let failed = 0;
  const left = await steps(context, fix);
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, step] = next;
      try {
        await step();
        passed += 1;
        context.say(`  ok      ${name}`);
      } catch (error) {
        context.signal?.throwIfAborted();
        failed += 1;
        context.say(`  FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: fix ? 1 : LANES }, lane));
  return { passed, failed };
}

export const checkAll = (context: InstallContext): Promise<{ passed: number; failed: number }> =>
  runSteps(context, false);

/** Types, linters and formats of every language; `format` mends what can be mended. */
export const run: Readonly<Record<'check' | 'format', StackCommand>> = {
  check: async (context) => ((await runSteps(context, false)).failed === 0 ? 0 : 1),
  format: async (context) => ((await runSteps(context, true)).failed === 0 ? 0 : 1),
};
