import avro from 'avsc';
import { RatehouseError } from './error.ts';

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The unscaled integer of a decimal's text. Throws RATEHOUSE_BAD_DATA when it does not fit without rounding. */
export function unscaled(text: string, precision: number, scale: number): bigint {
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (sign === undefined) throw misfit(text, precision, scale, 'is not a plain decimal number');
  if (fraction.length > scale) throw misfit(text, precision, scale, `has ${fraction.length} digits after the point`);
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  if (value >= 10n ** BigInt(precision)) throw misfit(text, precision, scale, 'has too many digits');
  return sign === '-' ? -value : value;
}

/** The text of an unscaled integer, with exactly `scale` digits after the point. */
export function decimalText(value: bigint, precision: number, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  if (digits.length > Math.max(precision, scale + 1)) {
    throw misfit(`${sign}${digits} (unscaled)`, precision, scale, 'has too many digits');
  }
  const point = digits.length - scale;
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function misfit(text: string, precision: number, scale: number, why: string): RatehouseError {
  return new RatehouseError('RATEHOUSE_BAD_DATA', `${text} does not fit DECIMAL(${precision}, ${scale}): it ${why}.`);
}

/** Big-endian two's complement in as few bytes as hold the value: Avro's form of a decimal. */
export function twosComplement(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}

export function fromTwosComplement(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

/** avsc's hook for the logical type `decimal`: text outside, bytes inside, and no double between. */
export class DecimalType extends avro.types.LogicalType {
  readonly precision: number;
  readonly scale: number;

  constructor(schema: avro.Schema, options?: unknown) {
    super(schema, options);
    const { precision, scale = 0 } = schema as { precision?: number; scale?: number };
    if (precision === undefined || precision < 1 || scale < 0 || scale > precision) {
      throw new RatehouseError(
        'RATEHOUSE_BAD_DATA',
        `A decimal needs 1 <= precision and 0 <= scale <= precision; found precision ${precision ?? 'none'}, scale ${scale}.`,
      );
    }
    this.precision = precision;
    this.scale = scale;
  }

  protected override _fromValue(bytes: Buffer): string {
    return decimalText(fromTwosComplement(bytes), this.precision, this.scale);
  }

  protected override _toValue(text: unknown): Buffer {
    if (typeof text !== 'string')
      throw misfit(String(text), this.precision, this.scale, `is a ${typeof text}, not a text`);
    return twosComplement(unscaled(text, this.precision, this.scale));
  }

  /** Reads a writer's decimal of the same shape only; for another, avsc then says that the types do not match. */
  protected override _resolve(writer: avro.Type): ((text: string) => string) | undefined {
    const same = writer instanceof DecimalType && writer.scale === this.scale && writer.precision === this.precision;
    return same ? (text) => text : undefined;
  }
}
