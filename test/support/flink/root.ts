import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder with flink/ and contracts/ of the repository, whose SQL a test may change. */
export class FlinkRoot {
  readonly path: string;

  /** @param home of the test's stack, with which it goes */
  constructor(
    private readonly from: string,
    home: string,
  ) {
    this.path = mkdtempSync(join(home, 'flink-'));
    cpSync(join(from, 'contracts'), join(this.path, 'contracts'), { recursive: true });
    this.restore();
  }

  /** Changes a file of SQL; throws when there is nothing to change, so that no test passes by mistake. */
  change(file: string, what: string, into: string): void {
    const path = join(this.path, 'flink', file);
    const sql = readFileSync(path, 'utf8');
    if (!sql.includes(what)) throw new Error(`flink/${file} has no "${what}"`);
    writeFileSync(path, sql.replace(what, into));
  }

  /** The line of a file, from 1, on which a text first stands. */
  lineOf(file: string, text: string): number {
    const lines = readFileSync(join(this.path, 'flink', file), 'utf8').split('\n');
    return lines.findIndex((line) => line.includes(text)) + 1;
  }

  restore(): void {
    cpSync(join(this.from, 'flink'), join(this.path, 'flink'), {
      recursive: true,
      filter: (file) => !file.includes('functions'),
    });
  }
}
