import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { locate } from '../../stack/lib/install.ts';
import { airflowPackage } from '../../stack/lib/packages.ts';
import { Stack } from '../../stack/lib/stack.ts';

const line = z.object({ name: z.string(), seconds: z.number(), wrong: z.array(z.string()) });
type Line = z.infer<typeof line>;

/** The DAGs are Python and are tested in Python, with Airflow's own packages. Each of those tests is told here as one. */
async function results(): Promise<{ lines: Line[]; noise: string; code: number }> {
  const stack = new Stack(process.env);
  const python = join(locate([airflowPackage], stack)['airflow'] ?? '', 'bin', 'python');
  const child = spawn(python, ['-W', 'ignore', join(stack.root, 'test', 'dags', 'run.py')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let out = '';
  let noise = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (noise += text));
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (exit) => {
      resolve(exit ?? 1);
    });
  });
  const lines = out.split('\n').filter((text) => text !== '');
  return { lines: lines.map((text) => line.parse(JSON.parse(text))), noise, code };
}

const { lines, noise, code } = await results();

describe('dags', () => {
  for (const { name, wrong } of lines) {
    it(name, () => {
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    });
  }

  it('the Python tests come to their end', () => {
    const failed = lines.some(({ wrong }) => wrong.length > 0);
    if (lines.length === 0 || (code !== 0) !== failed)
      throw new Error(`Python ended with code ${code} after ${lines.length} tests:\n${noise.slice(-4000)}`);
  });
});
