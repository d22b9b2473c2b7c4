import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../../stack/lib/run.ts';

type Field = Readonly<Record<string, unknown>>;
const schema = z.looseObject({ fields: z.array(z.looseObject({ name: z.string() })) });

/** What the tasks read of a release; the rest is code. */
const FOLDERS = [
  'contracts',
  'connectors/config',
  'dbt',
  'flink',
  'spark-sql',
  'tasks/sql',
  'trino',
  'test/support/sql',
];

/** A copy of this release's contracts, configurations and SQL, for a test to change: the release that comes next. */
export class NextRelease {
  readonly root = mkdtempSync(join(tmpdir(), 'ratehouse-release-'));

  constructor(private readonly from: string) {
    for (const folder of FOLDERS) cpSync(join(from, folder), join(this.root, folder), { recursive: true });
  }

  /** Changes the fields of a topic's contract. */
  fields(topic: string, change: (fields: readonly Field[]) => readonly Field[]): void {
    const file = join(this.root, 'contracts', `${topic}.avsc`);
    const { fields, ...record } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
    writeFileSync(file, JSON.stringify({ ...record, fields: change(fields) }));
  }

  /** Replaces a part of a file, which has to be there. */
  replace(path: string, part: string, instead: string): void {
    const file = join(this.root, path);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(part)) throw new Error(`${path} does not hold ${part}`);
    writeFileSync(file, text.replaceAll(part, instead));
  }

  /** Writes what is generated from contracts, as who changes them does. */
  async generate(): Promise<void> {
    cpSync(join(this.from, '.prettierrc.json'), join(this.root, '.prettierrc.json'));
    const generator = join(this.from, 'contracts', 'generate.ts');
    await run([process.execPath, '--import', 'tsx', generator, '--root', this.root], { cwd: this.from });
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
