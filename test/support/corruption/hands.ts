import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { Trino } from '../../../tasks/src/lib/trino.ts';
import { runTrino } from '../gold.ts';
import { runStatements } from '../read-back.ts';
import type { TestStack } from '../test-stack.ts';

/** Puts back what was changed by hand. */
export type Undo = () => Promise<void>;

export interface Corruption {
  readonly layer: string;
  readonly what: string;
  readonly by: (test: TestStack) => Promise<Undo>;
  /** The checks of validate-gold that name it, and the words. */
  readonly named: Readonly<Record<string, RegExp>>;
}

const snapshots = z.object({ bronze_table: z.string(), snapshot_id: z.string() });
const nothing: Undo = () => Promise.resolve();

/** A statement of Trino's on a table of the lake; undone by the table's snapshot of before. */
export function inLake(table: string, what: string, sql: string, named: Corruption['named']): Corruption {
  return {
    layer: `lake.${table}`,
    what,
    named,
    async by(test) {
      const before = await snapshotOf(test, table);
      await runTrino(test, sql);
      return () => runTrino(test, `ALTER TABLE lake.${table} EXECUTE rollback_to_snapshot(${before})`);
    },
  };
}

async function snapshotOf(test: TestStack, table: string): Promise<string> {
  const trino = new Trino(readConfig(test.taskEnv, ['RATEHOUSE_TRINO_URL']));
  const file = join(test.stack.root, 'test', 'support', 'sql', 'lake_snapshots.sql');
  for await (const row of trino.queryFile(file, snapshots)) if (row.bronze_table === table) return row.snapshot_id;
  throw new Error(`lake.${table} has no snapshot`);
}

/** A change of the rows of a ClickHouse table that a condition selects; undone by putting them back as they were. */
export function inClickHouse(
  table: string,
  what: string,
  change: { readonly where: string; readonly sql: string },
  named: Corruption['named'],
): Corruption {
  const { where, sql } = change;
  const wait = 'SETTINGS mutations_sync = 2';
  return {
    layer: `clickhouse ${table}`,
    what,
    named,
    async by(test) {
      await runStatements(
        test,
        `CREATE OR REPLACE TABLE gold.kept ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM ${table} WHERE ${where};
         ALTER TABLE ${table} ${sql} ${sql.startsWith('INSERT') ? '' : wait}`.replace(
          `ALTER TABLE ${table} INSERT`,
          'INSERT',
        ),
      );
      return () =>
        runStatements(
          test,
          `ALTER TABLE ${table} DELETE WHERE ${where} ${wait}; INSERT INTO ${table} SELECT * FROM gold.kept; DROP TABLE gold.kept`,
        );
    },
  };
}

/** What cannot be taken back: the topics keep what was written to them. */
export function inKafka(
  topic: string,
  what: string,
  by: (test: TestStack) => Promise<void>,
  named: Corruption['named'],
): Corruption {
  return {
    layer: `topic ${topic}`,
    what,
    named,
    async by(test) {
      await by(test);
      return nothing;
    },
  };
}
