import { z } from 'zod';
import { RatehouseError } from './error.ts';

/** The part of Avro's schema language that contracts/ uses; anything else is refused when it is read. */
export type AvroType =
  | string
  | readonly AvroType[]
  | { readonly type: 'array'; readonly items: AvroType }
  | {
      readonly type: string;
      readonly logicalType?: string | undefined;
      readonly precision?: number | undefined;
      readonly scale?: number | undefined;
    };

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  readonly doc?: string | undefined;
  readonly default?: unknown;
}

export interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly doc?: string | undefined;
  readonly fields: readonly AvroField[];
}

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

const avroType: z.ZodType<AvroType> = z.lazy(() =>
  z.union([
    z.enum(PRIMITIVES),
    z.array(avroType),
    z.object({ type: z.literal('array'), items: avroType }),
    z.object({
      type: z.enum(PRIMITIVES),
      logicalType: z.string().optional(),
      precision: z.int().optional(),
      scale: z.int().optional(),
    }),
  ]),
);

const avroRecord: z.ZodType<AvroRecord> = z.object({
  type: z.literal('record'),
  name: z.string(),
  namespace: z.string().optional(),
  doc: z.string().optional(),
  fields: z.array(
    z.object({ name: z.string(), type: avroType, doc: z.string().optional(), default: z.unknown().optional() }),
  ),
});

/** Reads the text of a schema. `what` names it in the error: a file, or a subject and version. */
export function parseAvroRecord(text: string, what: string): AvroRecord {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `${what} is not JSON; wanted an Avro schema.`, { cause: error });
  }
  const parsed = avroRecord.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new RatehouseError(
    'RATEHOUSE_BAD_DATA',
    `${what} is not an Avro record of primitives, decimals, timestamps, arrays and unions: ${z.prettifyError(parsed.error)}`,
  );
}

/** A type as a person reads it, for example decimal(18, 8) or "null or string". Equal types read the same. */
export function typeText(type: AvroType): string {
  if (typeof type === 'string') return type;
  if (isUnion(type)) return type.map(typeText).join(' or ');
  if ('items' in type) return `array of ${typeText(type.items)}`;
  if (type.logicalType === 'decimal') return `decimal(${type.precision ?? '?'}, ${type.scale ?? 0}) in ${type.type}`;
  return type.logicalType === undefined ? type.type : `${type.logicalType} in ${type.type}`;
}

export function isUnion(type: AvroType): type is readonly AvroType[] {
  return Array.isArray(type);
}

export interface SchemaDifference {
  readonly field: string;
  readonly was: string;
  readonly now: string;
  /** True when a reader of one side could not read the other, or would read another value. */
  readonly breaks: boolean;
}

/**
 * What differs between two versions of a schema, documentation aside.
 *
 * Only a field with a default may come or go: then old readers read new records and new readers old ones. A changed type
 * always breaks, also where Avro or a registry would let it through: they compare a decimal's bytes and forget its
 * precision, scale and logical type, so that -1.12345678 becomes -11234.5678 without a word.
 */
export function schemaDifferences(was: AvroRecord, now: AvroRecord): readonly SchemaDifference[] {
  const found: SchemaDifference[] = [];
  const fullName = (r: AvroRecord): string => (r.namespace === undefined ? r.name : `${r.namespace}.${r.name}`);
  if (fullName(was) !== fullName(now)) {
    found.push({ field: '(record)', was: fullName(was), now: fullName(now), breaks: true });
  }
  const before = new Map(was.fields.map((f) => [f.name, f]));
  const after = new Map(now.fields.map((f) => [f.name, f]));
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const a = before.get(name);
    const b = after.get(name);
    const breaks =
      a === undefined || b === undefined
        ? (a ?? b)?.default === undefined // it comes or goes
        : typeText(a.type) !== typeText(b.type);
    if (breaks || fieldText(a) !== fieldText(b))
      found.push({ field: name, was: fieldText(a), now: fieldText(b), breaks });
  }
  // A converter that takes the registered schema writes fields by position, so a new order is a new version.
  const common = (r: AvroRecord): string =>
    r.fields
      .map((f) => f.name)
      .filter((n) => before.has(n) && after.has(n))
      .join(', ');
  if (common(was) !== common(now)) found.push({ field: '(order)', was: common(was), now: common(now), breaks: false });
  return found;
}

function fieldText(field: AvroField | undefined): string {
  if (field === undefined) return 'absent';
  return `${typeText(field.type)}${field.default === undefined ? ', no default' : `, default ${JSON.stringify(field.default)}`}`;
}

export function differenceText(difference: SchemaDifference): string {
  return `${difference.field}: ${difference.was} -> ${difference.now}`;
}
