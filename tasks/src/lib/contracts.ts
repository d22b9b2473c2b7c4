import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro from 'avsc';
import { DecimalType } from './avro-decimal.ts';
import { differenceText, parseAvroRecord, schemaDifferences, type AvroRecord } from './avro-schema.ts';
import { TOPICS, type TopicName, type TopicValues } from './contracts.generated.ts';
import { RatehouseError, describe } from './error.ts';
import type { RegistryClient } from './registry-client.ts';

export { TOPICS, type TopicName, type TopicValues } from './contracts.generated.ts';
export const TOPIC_NAMES = Object.keys(TOPICS) as TopicName[];

/** A value and where it stood, for the message when it cannot be read. */
export interface Located {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Buffer | null;
}

/** The text of a topic's schema, as contracts/ has it. */
export function contractText(root: string, topic: TopicName): string {
  const file = join(root, 'contracts', TOPICS[topic].file);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `The contract of topic ${topic} cannot be read: wanted ${file} (${describe(error)}). RATEHOUSE_ROOT names the folder that holds contracts/.`,
      { cause: error },
    );
  }
}

export function contract(root: string, topic: TopicName): AvroRecord {
  return parseAvroRecord(contractText(root, topic), `contracts/${TOPICS[topic].file}`);
}

function avroType(record: AvroRecord): avro.Type {
  // Without the assertion avsc would read a malformed decimal as plain bytes.
  return avro.Type.forSchema(record as unknown as avro.Schema, {
    logicalTypes: { decimal: DecimalType },
    assertLogicalTypes: true,
  });
}

const FRAME = 5;

/**
 * Reads and writes values in Confluent's framing: 0, the schema's id in 4 bytes, the Avro body.
 *
 * A value is read with the schema its writer had, fetched from the registry once for each id, and resolved against the contract.
 * Schemas that would resolve into other values (see schemaDifferences) are refused.
 */
export class Codec {
  private readonly writers = new Map<number, Promise<AvroRecord>>();
  private readonly ids = new Map<TopicName, Promise<number>>();
  private readonly types = new Map<TopicName, avro.Type>();
  private readonly root: string;
  private readonly registry: RegistryClient;

  constructor(root: string, registry: RegistryClient) {
    this.root = root;
    this.registry = registry;
  }

  /** A reader of a topic's values. With `fields`, of these alone: the others are skipped, not decoded. */
  reader<T extends TopicName>(topic: T): ValueReader<TopicValues[T]>;
  reader<T extends TopicName, K extends keyof TopicValues[T] & string>(
    topic: T,
    fields: readonly K[],
  ): ValueReader<Pick<TopicValues[T], K>>;
  reader<T extends TopicName>(topic: T, fields?: readonly string[]): ValueReader<TopicValues[T]> {
    const whole = contract(this.root, topic);
    const wanted =
      fields === undefined ? whole : { ...whole, fields: whole.fields.filter((f) => fields.includes(f.name)) };
    return new ValueReader<TopicValues[T]>(whole, avroType(wanted), (id) => this.writer(id));
  }

  /** The framed bytes of a value, under the id that the topic's contract has in the registry. */
  async encode<T extends TopicName>(topic: T, value: TopicValues[T]): Promise<Buffer> {
    return (await this.encoder(topic))(value);
  }

  /** The same for many values: the registry is asked once, and nothing waits after that. */
  async encoder<T extends TopicName>(topic: T): Promise<(value: TopicValues[T]) => Buffer> {
    const id = await cached(this.ids, topic, () => this.registeredId(topic));
    let type = this.types.get(topic);
    if (type === undefined) this.types.set(topic, (type = avroType(contract(this.root, topic))));
    const known = type;
    return (value) => framed(id, bodyOf(known, topic, value));
  }

  private async registeredId(topic: TopicName): Promise<number> {
    const { subject } = TOPICS[topic];
    const ours = contract(this.root, topic);
    for (const version of (await this.registry.versions(subject)).toReversed()) {
      const found = await this.registry.version(subject, version);
      if (schemaDifferences(parseAvroRecord(found.schema, `${subject} version ${version}`), ours).length === 0)
        return found.id;
    }
    throw new RatehouseError(
      'RATEHOUSE_REFUSED',
      `The Schema Registry does not hold contracts/${TOPICS[topic].file} under ${subject}. Register the contracts first (ratehouse start-stream).`,
    );
  }

  private writer(id: number): Promise<AvroRecord> {
    return cached(this.writers, id, async () => {
      const text = await this.registry.schemaById(id);
      if (text === undefined) {
        throw new RatehouseError(
          'RATEHOUSE_BAD_DATA',
          `the registry knows no schema with id ${id}; is it the registry of this Kafka?`,
        );
      }
      return parseAvroRecord(text, `The schema with id ${id}`);
    });
  }
}

/** A failed answer is not kept: the next call asks again. */
function cached<K, V>(cache: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    cache.set(key, value);
    value.catch(() => cache.delete(key));
  }
  return value;
}

/** Puts Confluent's frame around an Avro body. */
export function framed(id: number, body: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME);
  frame.writeInt32BE(id, 1);
  return Buffer.concat([frame, body]);
}

function bodyOf(type: avro.Type, topic: TopicName, value: unknown): Buffer {
  try {
    return type.toBuffer(value);
  } catch (error) {
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `The value does not fit the contract of ${topic}: ${describe(error)}`,
      { cause: error },
    );
  }
}

/** Reads one topic's values. All errors are RATEHOUSE_BAD_DATA and name the record's coordinates. */
export class ValueReader<T> {
  private readonly contract: AvroRecord;
  private readonly type: avro.Type;
  private readonly writer: (id: number) => Promise<AvroRecord>;
  private readonly resolvers = new Map<number, avro.Resolver>();

  constructor(whole: AvroRecord, type: avro.Type, writer: (id: number) => Promise<AvroRecord>) {
    this.contract = whole;
    this.type = type;
    this.writer = writer;
  }

  async read(record: Located): Promise<T> {
    const [value] = await this.readAll([record]);
    return value as T;
  }

  /** Waits for schemas not seen before only, so a batch costs one turn of the event loop. */
  async readAll(records: readonly Located[]): Promise<T[]> {
    for (const record of records) {
      const id = idOf(record);
      if (!this.resolvers.has(id)) this.resolvers.set(id, await this.resolver(id, record));
    }
    return records.map((record) => this.decode(record));
  }

  private decode(record: Located): T {
    // readAll has looked at the frame and has the resolver.
    const value = record.value ?? Buffer.alloc(0);
    const resolver = this.resolvers.get(value.readInt32BE(1));
    try {
      return this.type.fromBuffer(value.subarray(FRAME), resolver) as T;
    } catch (error) {
      throw unreadable(record, describe(error), error);
    }
  }

  private async resolver(id: number, record: Located): Promise<avro.Resolver> {
    try {
      const writer = await this.writer(id);
      const breaking = schemaDifferences(writer, this.contract).filter((d) => d.breaks);
      if (breaking.length > 0) {
        throw new RatehouseError(
          'RATEHOUSE_BAD_DATA',
          `its schema (id ${id}) differs from the contract in ${breaking.map(differenceText).join('; ')}`,
        );
      }
      return this.type.createResolver(avroType(writer));
    } catch (error) {
      if (error instanceof RatehouseError && error.code !== 'RATEHOUSE_BAD_DATA') throw error;
      throw unreadable(record, describe(error), error);
    }
  }
}

function idOf(record: Located): number {
  const { value } = record;
  if (value === null || value.length < FRAME || value[0] !== 0) {
    const found =
      value === null ? 'no value' : `${value.length} bytes that begin with 0x${value.subarray(0, 1).toString('hex')}`;
    throw unreadable(record, `wanted Confluent's framing (0, a schema id of 4 bytes, Avro), found ${found}`);
  }
  return value.readInt32BE(1);
}

function unreadable(record: Located, why: string, cause?: unknown): RatehouseError {
  const at = `${record.topic}-${record.partition}@${record.offset}`;
  return new RatehouseError('RATEHOUSE_BAD_DATA', `The record ${at} cannot be read: ${why}.`, { cause });
}
