import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import type { InstallContext } from './install.ts';
import { locate } from './install.ts';
import { mvn } from './install-maven.ts';
import { packages } from './lifecycle.ts';

const MODULES = [
  join('connectors', 'websocket-source'),
  join('connectors', 'clickhouse-sink'),
  join('flink', 'functions'),
];

/** The Java modules' own tests, with their real ClickHouse; counted from Surefire's reports. */
export async function javaTests(context: InstallContext): Promise<{ passed: number; failed: number }> {
  const { root } = context.stack;
  const reports = MODULES.map((module) => join(root, module, 'target', 'surefire-reports'));
  for (const folder of reports) rmSync(folder, { recursive: true, force: true });
  const { clickhouse = '' } = locate(packages(), context.stack);
  const lib = join(clickhouse, 'node_modules', '@chdb', 'lib-linux-x64-gnu', 'libchdb.so');
  let trouble: RatehouseError | undefined;
  try {
    process.env['RATEHOUSE_CHDB_LIB'] = lib;
    await mvn(context, '-f', join(root, 'connectors', 'pom.xml'), '--fail-at-end', 'test');
  } catch (error) {
    if (!(error instanceof RatehouseError)) throw error;
    trouble = error;
  }
  const count = { passed: 0, failed: 0 };
  for (const folder of reports) {
    const before = count.passed + count.failed;
    for (const file of existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.xml')) : []) {
      const head = /<testsuite [^>]*>/.exec(readFileSync(join(folder, file), 'utf8'))?.[0] ?? '';
      const figure = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
      // A skipped test did not run, which is no pass.
      const failed = figure('failures') + figure('errors') + figure('skipped');
      count.failed += failed;
      count.passed += figure('tests') - failed;
    }
    const ran = count.passed + count.failed - before;
    context.say(`  ${folder.slice(root.length + 1, -'/target/surefire-reports'.length)}: ${ran} tests`);
    if (ran === 0) count.failed += 1;
  }
  if (trouble !== undefined && count.failed === 0) throw trouble;
  if (trouble !== undefined) context.say(trouble.message);
  return count;
}
