import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Stack } from './stack.ts';

/** All tasks in one file, the same that the image holds. A few hundred milliseconds, so it is made anew at each start. */
export function bundleTasks(stack: Stack): void {
  buildSync({
    entryPoints: [join(stack.root, 'tasks', 'src', 'cli.ts')],
    outfile: join(stack.root, 'tasks', 'dist', 'ratehouse.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'error',
    // Some packages are CommonJS and ask for Node's modules through require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}
