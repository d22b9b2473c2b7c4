import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';

/** A registry in memory that lets everything through, as one with compatibility NONE does. */
export class MemoryRegistry extends RegistryClient {
  readonly subjects = new Map<string, { id: number; schema: string }[]>();
  readonly rules = new Map<string, string>();
  readonly writes: string[] = [];
  asked = 0;
  private nextId = 1;

  constructor() {
    super({ url: 'http://127.0.0.1:9' });
  }

  override schemaById(id: number): Promise<string | undefined> {
    this.asked++;
    return Promise.resolve([...this.subjects.values()].flat().find((v) => v.id === id)?.schema);
  }

  override versions(subject: string): Promise<readonly number[]> {
    return Promise.resolve((this.subjects.get(subject) ?? []).map((_, i) => i + 1));
  }

  override version(subject: string, version: number): Promise<{ id: number; schema: string }> {
    const held = this.subjects.get(subject)?.[version - 1];
    return held === undefined ? Promise.reject(new Error('no such version')) : Promise.resolve(held);
  }

  override compatibility(subject: string): Promise<string | undefined> {
    return Promise.resolve(this.rules.get(subject));
  }

  override setCompatibility(subject: string, compatibility: string): Promise<void> {
    this.writes.push(`rule ${subject}`);
    this.rules.set(subject, compatibility);
    return Promise.resolve();
  }

  override register(subject: string, schema: string): Promise<{ id: number }> {
    this.writes.push(`schema ${subject}`);
    const id = this.nextId++;
    this.subjects.set(subject, [...(this.subjects.get(subject) ?? []), { id, schema }]);
    return Promise.resolve({ id });
  }
}
