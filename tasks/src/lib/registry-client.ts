import { z } from 'zod';
import { RatehouseError, describe } from './error.ts';

export interface RegistryOptions {
  /** The registry's address; its Confluent API is expected under /apis/ccompat/v7. */
  readonly url: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const message = z.object({ message: z.string() });

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
    return reply.status === 404 ? undefined : z.object({ compatibilityLevel: z.string() }).parse(reply.body).compatibilityLevel;
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

  private async call(method: string, path: string, body?: unknown, expected: readonly number[] = []): Promise<Reply> {
    const { url, timeoutMs = 10_000, signal } = this.options;
    const address = `${url}/apis/ccompat/v7/${path}`;
    const timeout = AbortSignal.timeout(timeoutMs);
    let reply: Reply;
    try {
      const response = await fetch(address, {
        method,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      reply = { status: response.status, body: jsonOr(text) };
    } catch (error) {
      signal?.throwIfAborted();
      throw new RatehouseError(
        'RATEHOUSE_UNREACHABLE',
        `The Schema Registry did not answer ${method} ${address} (${describe(error)}). Is it running? RATEHOUSE_REGISTRY_URL says where it is looked for.`,
        { cause: error },
      );
    }
    if (reply.status < 400 || expected.includes(reply.status)) return reply;
    throw new RatehouseError(
      'RATEHOUSE_REFUSED',
      `The Schema Registry answered ${method} ${address} with ${reply.status}: ${reasonOf(reply)}`,
    );
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 500);
  }
}

function reasonOf(reply: Reply): string {
  const parsed = message.safeParse(reply.body);
  return parsed.success ? parsed.data.message : typeof reply.body === 'string' ? reply.body : 'no reason given';
}
