import { resolve } from 'node:path';
import { expect } from 'chai';
import type { AvroField, AvroType } from '../../../tasks/src/lib/avro-schema.ts';
import { contract } from '../../../tasks/src/lib/contracts.ts';
import {
  addColumn,
  createTable,
  lakeTables,
  tableChanges,
  type LakeColumn,
  type LakeTable,
} from '../../../tasks/src/lib/lake/tables.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const tables = lakeTables((topic) => contract(root, topic));

function table(name: string): LakeTable {
  const found = tables.find((one) => `${one.schema}.${one.name}` === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

/** The one column that a field of a contract becomes. */
function column(field: AvroField): LakeColumn | undefined {
  const made = lakeTables(() => ({ type: 'record', name: 'R', fields: [field] }));
  return made[0]?.columns[0];
}

const typeOf = (type: AvroType): string | undefined => column({ name: 'f', type })?.type;

describe("the lake's tables", () => {
  it('are the five of bronze, by topic, and the candles of silver', () => {
    expect(tables.map((one) => `${one.schema}.${one.name} by day of ${one.day}`)).to.deep.equal([
      'bronze.trades by day of event_time',
      'bronze.trades_history by day of event_time',
      'bronze.coverage by day of covered_from',
      'bronze.feed_events by day of occurred_at',
      'bronze.trades_dlq by day of received_at',
      'silver.candles_1m by day of window_start',
    ]);
  });

  it('are partitioned by a column that every row has', () => {
    for (const one of tables)
      expect(one.columns.find(({ name }) => name === one.day)?.nullable, `${one.name}.${one.day}`).to.equal(false);
  });

  it('hold where a row stood in Kafka, in bronze alone', () => {
    const coordinates = ['kafka_topic', 'kafka_partition', 'kafka_offset', 'kafka_timestamp'];
    for (const one of tables) {
      const names = one.columns.map(({ name }) => name).filter((name) => name.startsWith('kafka_'));
      expect(names, one.name).to.deep.equal(one.schema === 'bronze' ? coordinates : []);
    }
  });

  it('keep every digit of the contracts', () => {
    const types = new Map(table('bronze.trades').columns.map(({ name, type }) => [name, type]));
    expect(types.get('price')).to.equal('decimal(18,8)');
    expect(types.get('volume')).to.equal('decimal(19,8)');
    expect(types.get('event_time')).to.equal('timestamp(6) with time zone');
    expect(types.get('conditions')).to.equal('array(varchar)');
  });

  it("leave the Flink job's generation out of the batch lane's candles", () => {
    const names = table('silver.candles_1m').columns.map(({ name }) => name);
    expect(names).to.include.members(['symbol', 'window_start', 'turnover', 'trade_count']);
    expect(names).not.to.include('generation');
  });
});

describe('a column of the lake', () => {
  it('has the type that holds all values of its field', () => {
    expect(typeOf('long')).to.equal('bigint');
    expect(typeOf('int')).to.equal('integer');
    expect(typeOf(['null', 'double'])).to.equal('double');
    expect(typeOf({ type: 'array', items: 'string' })).to.equal('array(varchar)');
    expect(typeOf({ type: 'bytes', logicalType: 'decimal', precision: 38, scale: 16 })).to.equal('decimal(38,16)');
    expect(typeOf(['null', { type: 'long', logicalType: 'timestamp-millis' }])).to.equal('timestamp(6) with time zone');
  });

  it('is refused when its field has a type that no column holds', () => {
    expect(() => typeOf({ type: 'int', logicalType: 'date' })).to.throw(/no column type for date in int.*field f/);
    expect(() => typeOf(['string', 'long'])).to.throw(/string or long/);
  });

  it('is NOT NULL just when its field can never leave the contract', () => {
    expect(column({ name: 'f', type: 'string' })?.nullable).to.equal(false);
    expect(column({ name: 'f', type: ['null', 'string'], default: null })?.nullable).to.equal(true);
    expect(column({ name: 'f', type: 'boolean', default: false })?.nullable).to.equal(true);
  });
});

describe('a statement for the lake', () => {
  const odd: LakeTable = {
    schema: 's',
    name: 'a"b',
    day: 'at',
    properties: { 'write.merge.mode': 'merge-on-read' },
    columns: [
      { name: 'at', type: 'timestamp(6) with time zone', nullable: false, doc: "The venue's time." },
      { name: 'x', type: 'varchar', nullable: true },
    ],
  };

  it('quotes names and texts', () => {
    expect(createTable('lake', odd)).to.equal(
      'CREATE TABLE IF NOT EXISTS "lake"."s"."a""b" ' +
        `("at" timestamp(6) with time zone NOT NULL COMMENT 'The venue''s time.', "x" varchar) ` +
        `WITH (format = 'PARQUET', format_version = 2, partitioning = ARRAY['day("at")'], ` +
        `extra_properties = MAP(ARRAY['write.merge.mode'], ARRAY['merge-on-read']))`,
    );
  });

  it('adds a column without a rule that old rows would break', () => {
    expect(addColumn('lake', odd, { name: 'y', type: 'bigint', nullable: true })).to.equal(
      'ALTER TABLE "lake"."s"."a""b" ADD COLUMN IF NOT EXISTS "y" bigint',
    );
  });
});

describe('a table that exists', () => {
  const wanted = table('bronze.trades');
  const without = (name: string): LakeColumn[] => wanted.columns.filter((one) => one.name !== name);

  it('is left alone when it is what the contract says, however its types are spelled', () => {
    const held = wanted.columns.map((one) => ({ ...one, type: one.type.replace(',', ', ') }));
    expect(tableChanges(wanted, held)).to.deep.equal({ add: [], wrong: [] });
  });

  it('gets the column of a field that came with a default', () => {
    const { add, wrong } = tableChanges(wanted, without('venue_trade_id'));
    expect(add.map(({ name }) => name)).to.deep.equal(['venue_trade_id']);
    expect(wrong).to.deep.equal([]);
  });

  it('keeps the column of a field that left, where new rows may be without it', () => {
    const held = [...wanted.columns, { name: 'old', type: 'varchar', nullable: true }];
    expect(tableChanges(wanted, held)).to.deep.equal({ add: [], wrong: [] });
  });

  it('is refused with what differs: a type, a scale, a missing or a foreign column', () => {
    const held = [
      ...without('sequence').map((one) => (one.name === 'price' ? { ...one, type: 'decimal(18,4)' } : one)),
      { name: 'other', type: 'bigint', nullable: false },
    ];
    expect(tableChanges(wanted, held).wrong).to.deep.equal([
      'price: decimal(18,4) not null -> decimal(18,8) not null',
      'sequence: absent -> bigint not null',
      'other: bigint not null -> absent',
    ]);
  });
});
