import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ClickHouse } from '../clickhouse.ts';
import { describe } from '../error.ts';

/** Rows that a message names. */
const NAMED = 5;

const row = z.record(z.string(), z.unknown());

/**
 * The first rows that a failed test found fault with, a line of JSON each, to stand below its message. The failure counts also
 * where they cannot be read: then the text says why.
 * @param query the test's own, as dbt compiled it
 * @param folder where its file is written
 */
export async function failingRows(
  query: string,
  folder: string,
  clickhouse: Pick<ClickHouse, 'queryFile'>,
): Promise<string> {
  const file = join(folder, 'failed-test.sql');
  writeFileSync(file, query);
  const lines: string[] = [];
  try {
    for await (const found of clickhouse.queryFile(file, row)) {
      lines.push(JSON.stringify(found));
      if (lines.length === NAMED) break;
    }
  } catch (error) {
    lines.push(`its rows could not be read: ${describe(error)}`);
  }
  return lines.map((line) => `\n${line}`).join('');
}
