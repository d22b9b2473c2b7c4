import { expect } from 'chai';
import type { LakeTable } from '../../../tasks/src/lib/lake/tables.ts';
import { changedRows, columnsAt } from '../../../tasks/src/lib/validate/bronze-rows.ts';

const table: LakeTable = {
  schema: 'bronze',
  name: 'trades',
  day: 'at',
  properties: {},
  columns: [
    { name: 'at', type: 'timestamp(6) with time zone', nullable: false },
    { name: 'price_text', type: 'varchar', nullable: true },
  ],
};
const held = new Set(['at', 'price_text']);

describe('the rows that a snapshot changed', () => {
  it('have null for a column that came after it', () => {
    const text = changedRows(table, { before: new Set(['at', 'gone']), after: held });
    expect(text).to.include(
      `SELECT 'before' AS "version of row", "at", CAST(NULL AS varchar) AS "price_text" FROM "lake"."bronze"."trades" FOR VERSION AS OF :before`,
    );
    expect(text).to.include(
      `SELECT 'after' AS "version of row", "at", "price_text" FROM "lake"."bronze"."trades" FOR VERSION AS OF :after`,
    );
    expect(text).not.to.include('gone');
  });

  it('are compared and told in every column of the contract, times as text', () => {
    const text = changedRows(table, { before: held, after: held });
    expect(text).to.include('GROUP BY "at", "price_text"');
    expect(text).to.include('ROW(to_iso8601("at"), "price_text") AS ROW("at" varchar, "price_text" varchar)');
  });

  it('are looked for in the columns that a snapshot has', () => {
    expect(columnsAt(table)).to.equal(
      'SHOW STATS FOR (SELECT * FROM "lake"."bronze"."trades" FOR VERSION AS OF :snapshot)',
    );
  });
});
