import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import type { InstallContext } from './install.ts';
import { run } from './run.ts';

const MODULE = join('connectors', 'websocket-source');
const PACKAGE = join(MODULE, 'src', 'test', 'java', 'org', 'ratehouse', 'connect', 'websocket');

/** How long each target is fuzzed, as Jazzer writes it: 30s, 5m, 1h. */
const DURATION = process.env['RATEHOUSE_FUZZ_DURATION'] ?? '5m';

/**
 * Fuzzes every @FuzzTest of the WebSocket source, one after the other: Jazzer takes one for each JVM. A finding is left in
 * src/test/resources, where mvn test runs it from then on. A target passes when it was run to its end and nothing was found.
 */
export async function sourceFuzz(context: InstallContext): Promise<{ passed: number; failed: number }> {
  const { stack, signal } = context;
  const env = {
    ...process.env,
    JAVA_HOME: stack.java17,
    JAZZER_FUZZ: '1',
    JAZZER_MAX_DURATION: DURATION,
    JAZZER_INSTRUMENT: 'org.ratehouse.**,com.fasterxml.jackson.core.**',
  };
  const count = { passed: 0, failed: 0 };
  for (const target of targets(stack.root)) {
    const argv = [
      'mvn',
      '-B',
      '-ntp',
      `-Dmaven.repo.local=${join(stack.cache, 'm2')}`,
      ...['-f', join(stack.root, 'connectors', 'pom.xml'), '-pl', 'websocket-source'],
      'test',
      '-DexcludedGroups=',
      `-Dtest=${target}`,
    ];
    try {
      // Standard output alone does not have it: the fuzzer writes beside it.
      const output = await run(['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv], { signal, env });
      const done = /Done (\d+) runs in (\d+) second/.exec(output);
      if (done === null) throw new RatehouseError('RATEHOUSE_REFUSED', 'the fuzzer did not come to its end');
      context.say(`  ${target}: ${done[1] ?? ''} inputs in ${done[2] ?? ''} s, nothing found`);
      count.passed += 1;
    } catch (error) {
      signal?.throwIfAborted();
      context.say(`  ${target}: ${error instanceof Error ? error.message : String(error)}`);
      count.failed += 1;
    }
  }
  return count;
}

/** Class#method of each fuzz test there is, so that none is forgotten here. */
function targets(root: string): string[] {
  const files = readdirSync(join(root, PACKAGE)).filter((name) => name.endsWith('FuzzTest.java'));
  return files.sort().flatMap((name) => {
    const source = readFileSync(join(root, PACKAGE, name), 'utf8');
    const methods = [...source.matchAll(/@FuzzTest[^;{]*?void (\w+)\(/g)].map((found) => found[1] ?? '');
    return methods.map((method) => `${name.slice(0, -'.java'.length)}#${method}`);
  });
}
