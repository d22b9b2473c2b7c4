import { expect } from 'chai';
import {
  differenceText,
  parseAvroRecord,
  schemaDifferences,
  type AvroField,
  type AvroRecord,
} from '../../../tasks/src/lib/avro-schema.ts';

const price: AvroField = { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 8 } };
const at: AvroField = { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } };
const note: AvroField = { name: 'note', type: ['null', 'string'], default: null };

function record(...fields: AvroField[]): AvroRecord {
  return { type: 'record', name: 'R', namespace: 'n', fields };
}

function breaking(was: AvroRecord, now: AvroRecord): readonly string[] {
  return schemaDifferences(was, now)
    .filter((d) => d.breaks)
    .map(differenceText);
}

describe('Differences between schemas', () => {
  it('are none where only the documentation differs', () => {
    expect(schemaDifferences(record(price), record({ ...price, doc: 'new' }))).to.deep.equal([]);
  });

  it('break nothing where fields with a default come or go, or the order changes', () => {
    expect(schemaDifferences(record(price), record(price, note))).to.have.length(1);
    expect(breaking(record(price), record(price, note))).to.deep.equal([]);
    expect(breaking(record(price, note), record(price))).to.deep.equal([]);
    expect(schemaDifferences(record(price, at), record(at, price))[0]).to.deep.include({
      field: '(order)',
      breaks: false,
    });
  });

  it('break where a field without a default comes or goes', () => {
    expect(breaking(record(price), record(price, at))).to.deep.equal([
      'at: absent -> timestamp-millis in long, no default',
    ]);
    expect(breaking(record(price, at), record(price))).to.have.length(1);
  });

  it('break where a registry sees none: scale, precision, a dropped or changed logical type', () => {
    const decimal = (precision: number, scale: number): AvroRecord =>
      record({ name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision, scale } });
    expect(breaking(decimal(18, 8), decimal(18, 4))).to.deep.equal([
      'price: decimal(18, 8) in bytes, no default -> decimal(18, 4) in bytes, no default',
    ]);
    expect(breaking(decimal(18, 8), decimal(19, 8))).to.have.length(1);
    expect(breaking(record(price), record({ name: 'price', type: 'bytes' }))).to.have.length(1);
    expect(
      breaking(record(at), record({ name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } })),
    ).to.have.length(1);
    expect(breaking(record(at), record({ name: 'at', type: 'long' }))).to.have.length(1);
  });

  it('break where a field becomes nullable, or the record gets another name', () => {
    expect(
      breaking(record({ name: 'a', type: 'string' }), record({ name: 'a', type: ['null', 'string'] })),
    ).to.have.length(1);
    expect(breaking(record(price), { ...record(price), name: 'S' })).to.deep.equal(['(record): n.R -> n.S']);
  });

  it('are not looked for in what is no record of known types', () => {
    expect(() =>
      parseAvroRecord(
        '{"type":"record","name":"R","fields":[{"name":"m","type":{"type":"map","values":"int"}}]}',
        'x.avsc',
      ),
    )
      .to.throw(/x\.avsc/)
      .with.property('code', 'RATEHOUSE_BAD_DATA');
    expect(() => parseAvroRecord('{', 'x.avsc')).to.throw(/not JSON/);
  });
});
