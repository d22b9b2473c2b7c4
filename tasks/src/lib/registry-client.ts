import { z } from 'zod';
import { request, type Reply } from './http.ts';

export interface RegistryOptions {
  /** The registry's address; its Confluent API is expected under /apis/ccompat/v7. */
  readonly url: string;
  readonly signal?: AbortSignal | undefined;
}

/** The few calls of the Confluent API that this project needs. What is not there is undefined, not an error. */
export class RegistryClient {
  private readonly options: RegistryOptions;

  constructor(options: RegistryOptions) {
    this.options = options;
  }

  async schemaById(id: number): Promise<string | undefined> {
    const reply = await this.call('GET', `schemas/ids/${id}`, undefined, [404]);
    return reply.status === 404 ? undefined : z.object({ schema: z.string() }).parse(reply.body).schema;
  }

  async versions(subject: string): Promise<readonly number[]> {
    const reply = await this.call('GET', `subjects/${encodeURIComponent(subject)}/versions`, undefined, [404]);
    return reply.status === 404 ? [] : z.array(z.int()).parse(reply.body);
  }

  async version(subject: string, version: number): Promise<{ id: number; schema: string }> {
    const reply = await this.call('GET', `subjects/${encodeURIComponent(subject)}/versions/${version}`);
    return z.object({ id: z.int(), schema: z.string() }).parse(reply.body);
  }

  async compatibility(subject: string): Promise<string | undefined> {
    const reply = await this.call('GET', `config/${encodeURIComponent(subject)}`, undefined, [404]);
    return reply.status === 404
      ? undefined
      : z.object({ compatibilityLevel: z.string() }).parse(reply.body).compatibilityLevel;
  }

  async setCompatibility(subject: string, compatibility: string): Promise<void> {
    await this.call('PUT', `config/${encodeURIComponent(subject)}`, { compatibility });
  }

  /** The id under which the registry holds the schema, new or not; or why it refuses it. */
  async register(subject: string, schema: string): Promise<{ id: number } | { refused: string }> {
    const reply = await this.call('POST', `subjects/${encodeURIComponent(subject)}/versions`, { schema }, [409, 422]);
    if (reply.status >= 400) return { refused: reasonOf(reply) };
    return z.object({ id: z.int() }).parse(reply.body);
  }

  private call(method: string, path: string, json?: unknown, also: readonly number[] = []): Promise<Reply> {
    const { url, signal } = this.options;
    return request(`${url}/apis/ccompat/v7/${path}`, { method, json, also, signal });
  }
}

function reasonOf(reply: Reply): string {
  const parsed = z.object({ message: z.string() }).safeParse(reply.body);
  return parsed.success ? parsed.data.message : `status ${reply.status}, no reason given`;
}
