import { expect } from 'chai';
import { declaredTables, drift, type Dialect } from '../../../contracts/table-drift.ts';
import type { AvroRecord } from '../../../tasks/src/lib/avro-schema.ts';

const contract: AvroRecord = {
  type: 'record',
  name: 'Candle',
  fields: [
    { name: 'symbol', type: 'string' },
    { name: 'open', type: { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 8 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'average', type: ['null', 'double'] },
  ],
};

const FLINK = `-- A comment (with a bracket
CREATE TEMPORARY TABLE candles (
    symbol STRING NOT NULL,
    \`open\` DECIMAL(18, 8) NOT NULL,
    at TIMESTAMP(3) NOT NULL,
    tags ARRAY <STRING NOT NULL> NOT NULL,
    average DOUBLE,
    WATERMARK FOR at AS at - INTERVAL '5' SECOND
) WITH ('topic' = 'candles-1m');`;

const CLICKHOUSE = `CREATE TABLE IF NOT EXISTS silver.candles
(
    symbol String, open Decimal(18, 8), at DateTime64(3), tags Array(String), average Nullable(Float64),
    kafka_offset UInt64,
    version UInt128 MATERIALIZED bitShiftLeft(toUInt128(1), 64) + kafka_offset
)
ENGINE = ReplacingMergeTree(version) ORDER BY symbol;
CREATE VIEW IF NOT EXISTS silver.view AS SELECT symbol FROM silver.candles;`;

function found(sql: string, dialect: Dialect, ...extra: string[]): string[] {
  return declaredTables(sql).flatMap((table) => drift(table, contract, dialect, extra));
}

describe('Drift of declared tables from the contract', () => {
  it('is none where each field has a column that holds it exactly', () => {
    expect(found(FLINK, 'flink')).to.deep.equal([]);
    expect(found(CLICKHOUSE, 'clickhouse', 'kafka_offset')).to.deep.equal([]);
  });

  it('is named where a scale, a nullability or a type differs', () => {
    expect(found(FLINK.replace('(18, 8)', '(18, 4)'), 'flink')).to.deep.equal([
      "candles.open is DECIMAL(18, 4) NOT NULL; the contract's decimal(18, 8) in bytes wants DECIMAL(18, 8) NOT NULL",
    ]);
    expect(found(FLINK.replace('DOUBLE', 'DOUBLE NOT NULL'), 'flink')).to.have.length(1);
    expect(found(CLICKHOUSE.replace('DateTime64(3)', 'DateTime64(6)'), 'clickhouse', 'kafka_offset')).to.have.length(1);
  });

  it('is named where a column is missing or is no field', () => {
    expect(found(FLINK.replace('average DOUBLE,', ''), 'flink')).to.deep.equal([
      'candles has no column average, which is null or double',
    ]);
    expect(found(CLICKHOUSE, 'clickhouse')).to.deep.equal([
      'silver.candles has a column kafka_offset, which is no field of Candle',
    ]);
  });
});
