import {
  differenceText,
  parseAvroRecord,
  schemaDifferences,
  type AvroRecord,
  type SchemaDifference,
} from './avro-schema.ts';
import { TOPICS, TOPIC_NAMES, contract, contractText, type TopicName } from './contracts.ts';
import { RatehouseError } from './error.ts';
import type { RegistryClient } from './registry-client.ts';

/**
 * FULL, because neither side of a topic is updated first: connectors, Flink jobs and tasks are rolled out one by one, so old
 * readers meet new records and new readers old ones. TRANSITIVE, because a topic holds seven days of records and bronze all
 * of them: a reader meets every version there ever was, not the last two.
 */
const COMPATIBILITY = 'FULL_TRANSITIVE';

export interface SubjectOutcome {
  readonly topic: TopicName;
  readonly subject: string;
  readonly id: number;
  readonly outcome: 'registered' | 'unchanged' | 'evolved';
}

interface HeldVersion {
  readonly version: number;
  readonly id: number;
  readonly record: AvroRecord;
}

/**
 * Brings the registry to what contracts/ says; run again, it changes nothing. All subjects are compared before the first one is
 * written, so a contract that breaks an older one leaves the registry as it was.
 * @throws RATEHOUSE_REFUSED with the fields that differ
 */
export async function registerContracts(
  registry: RegistryClient,
  root: string,
  topics: readonly TopicName[] = TOPIC_NAMES,
): Promise<readonly SubjectOutcome[]> {
  return registerPlanned(registry, root, await planContracts(registry, root, topics));
}

/**
 * Compares contracts/ with the registry, and changes nothing.
 * @throws RATEHOUSE_REFUSED with the fields that differ
 */
export async function planContracts(
  registry: RegistryClient,
  root: string,
  topics: readonly TopicName[] = TOPIC_NAMES,
): Promise<readonly SubjectPlan[]> {
  const plans = [];
  for (const topic of topics) plans.push(await plan(registry, root, topic));
  const refused = plans.flatMap((p) => p.refused);
  if (refused.length > 0) {
    throw new RatehouseError(
      'RATEHOUSE_REFUSED',
      `contracts/ would break what the Schema Registry already holds:\n  ${refused.join('\n  ')}\n` +
        'Only fields with a default may be added or removed. For another change use a new field, or a new topic.',
    );
  }
  return plans;
}

/** Writes what was planned. */
export async function registerPlanned(
  registry: RegistryClient,
  root: string,
  plans: readonly SubjectPlan[],
): Promise<readonly SubjectOutcome[]> {
  const outcomes: SubjectOutcome[] = [];
  for (const { topic, subject, newest, unchanged } of plans) {
    // Also before the first version: a registry's own default is often NONE, and the first one to register may not be this task.
    if ((await registry.compatibility(subject)) !== COMPATIBILITY)
      await registry.setCompatibility(subject, COMPATIBILITY);
    if (newest !== undefined && unchanged) {
      outcomes.push({ topic, subject, id: newest.id, outcome: 'unchanged' });
      continue;
    }
    const reply = await registry.register(subject, JSON.stringify(JSON.parse(contractText(root, topic))));
    if ('refused' in reply) {
      throw new RatehouseError(
        'RATEHOUSE_REFUSED',
        `The Schema Registry refused contracts/${TOPICS[topic].file} for ${subject}: ${reply.refused}`,
      );
    }
    outcomes.push({ topic, subject, id: reply.id, outcome: newest === undefined ? 'registered' : 'evolved' });
  }
  return outcomes;
}

export interface SubjectPlan {
  readonly topic: TopicName;
  readonly subject: string;
  readonly newest: HeldVersion | undefined;
  readonly unchanged: boolean;
  readonly refused: readonly string[];
}

async function plan(registry: RegistryClient, root: string, topic: TopicName): Promise<SubjectPlan> {
  const { subject } = TOPICS[topic];
  const held: HeldVersion[] = [];
  for (const version of await registry.versions(subject)) {
    const { id, schema } = await registry.version(subject, version);
    held.push({ version, id, record: parseAvroRecord(schema, `${subject} version ${version}`) });
  }
  const ours = contract(root, topic);
  const newest = held.at(-1);
  const unchanged = newest !== undefined && schemaDifferences(newest.record, ours).length === 0;
  // Every version, not the newest alone: a field that went and comes back may come back with another type.
  const refused = unchanged ? [] : held.flatMap((h) => refusals(subject, h, schemaDifferences(h.record, ours)));
  return { topic, subject, newest, unchanged, refused };
}

function refusals(subject: string, held: HeldVersion, differences: readonly SchemaDifference[]): string[] {
  return differences.filter((d) => d.breaks).map((d) => `${subject} version ${held.version}, ${differenceText(d)}`);
}
