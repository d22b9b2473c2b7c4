import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { mvn } from './install-maven.ts';
import type { InstallContext } from './install.ts';
import type { Stack } from './stack.ts';

const PLUGINS = ['websocket-source', 'clickhouse-sink'];

/** One hash over everything that our Java is built from. */
export function javaSources(stack: Stack): string {
  const hash = createHash('sha256');
  for (const top of ['connectors', join('flink', 'functions')]) {
    const files = readdirSync(join(stack.root, top), { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name))
      .filter((path) => /\/(src\/main\/|pom\.xml$)/.test(path) && !path.includes('/target/'))
      .sort();
    for (const path of files) hash.update(relative(stack.root, path)).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Builds the connectors and the Flink functions: `plugins/<connector>/*.jar` for Connect, `functions/*.jar` for Flink. */
export async function buildJava(folder: string, context: InstallContext): Promise<void> {
  const { root } = context.stack;
  await mvn(context, '-f', join(root, 'connectors', 'pom.xml'), 'package', '-Dmaven.test.skip=true');
  for (const name of PLUGINS) {
    const built = join(root, 'connectors', name, 'target', 'plugin');
    if (!existsSync(built))
      throw new RatehouseError('RATEHOUSE_BAD_DATA', `The build of ${name} left no target/plugin folder.`);
    cpSync(built, join(folder, 'plugins', name), { recursive: true });
  }
  const functions = join(root, 'flink', 'functions', 'target', 'plugin', 'flink-functions-0.1.0.jar');
  cpSync(functions, join(folder, 'functions', 'flink-functions.jar'));
}
