import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { z } from 'zod';
import type { Stack } from './stack.ts';

/** Runs a query of stack/sql/ and returns its rows, each checked. */
export async function queryClickHouse<T>(stack: Stack, file: string, row: z.ZodType<T>): Promise<T[]> {
  const client = createClient({
    url: stack.url('clickhouse-http'),
    username: 'ratehouse',
    password: stack.credentials.clickhouse,
    request_timeout: 10_000,
  });
  try {
    const query = readFileSync(join(stack.root, 'stack', 'sql', file), 'utf8');
    const found = await client.query({ query, format: 'JSONEachRow' });
    return (await found.json()).map((each) => row.parse(each));
  } finally {
    await client.close();
  }
}
