import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import { request } from '../http.ts';

export type ConnectorConfig = Readonly<Record<string, string>>;

const config = z.record(z.string(), z.string());
const status = z.object({
  connector: z.object({ state: z.string(), trace: z.string().optional() }),
  tasks: z.array(z.object({ id: z.number(), state: z.string(), trace: z.string().optional() })),
});
export type ConnectorStatus = z.output<typeof status>;

/**
 * Fills a connector's file in: `${NAME}` becomes the value given for it; what a config provider resolves, `${file:...}`, stays,
 * so that a secret never enters the stored configuration.
 */
export function fillIn(file: string, text: string, values: ReadonlyMap<string, string>): ConnectorConfig {
  const filled = text.replace(/\$\{([\w-]+)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined)
      throw new RatehouseError('RATEHOUSE_CONFIG', `${file} uses \${${name}}, which is not known.`);
    return value;
  });
  return config.parse(JSON.parse(filled));
}

/** Names of the options whose stored value differs from the wanted one. */
export function differing(stored: ConnectorConfig, wanted: ConnectorConfig): string[] {
  const names = new Set([...Object.keys(stored), ...Object.keys(wanted)]);
  names.delete('name');
  return [...names].filter((name) => stored[name] !== wanted[name]).sort();
}

/** Kafka Connect's REST API, as far as the tasks use it. */
export class ConnectClient {
  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  async config(name: string): Promise<ConnectorConfig | undefined> {
    const { status: code, body } = await request(`${this.url}/connectors/${name}/config`, {
      signal: this.signal,
      also: [404],
    });
    return code === 404 ? undefined : config.parse(body);
  }

  /**
   * Creates or changes a connector. A worker that is rebalancing answers 409, and is to be asked again: `later`.
   * A configuration that is not valid will not become so by asking again: the error that says why is the answer.
   */
  async put(name: string, wanted: ConnectorConfig): Promise<'taken' | 'later' | RatehouseError> {
    const { status: code, body } = await request(`${this.url}/connectors/${name}/config`, {
      method: 'PUT',
      json: wanted,
      signal: this.signal,
      timeoutMs: 60_000,
      also: [400, 409],
    });
    if (code === 409) return 'later';
    if (code !== 400) return 'taken';
    const said = z.object({ message: z.string() }).safeParse(body).data?.message ?? 'no reason given';
    return new RatehouseError('RATEHOUSE_REFUSED', `Kafka Connect refused the connector ${name}: ${said}`);
  }

  /** Undefined while a new connector has no status yet. */
  async status(name: string): Promise<ConnectorStatus | undefined> {
    const { status: code, body } = await request(`${this.url}/connectors/${name}/status`, {
      signal: this.signal,
      also: [404],
    });
    return code === 404 ? undefined : status.parse(body);
  }
}

/** The first line of why a connector or one of its tasks failed, if one did. */
export function failureOf(found: ConnectorStatus): string | undefined {
  const failed = [found.connector, ...found.tasks].find((part) => part.state === 'FAILED');
  return failed === undefined ? undefined : (failed.trace ?? 'no trace').split('\n').slice(0, 3).join(' ');
}

/** Whether the connector and at least one task run, and none does anything else. */
export function runs(found: ConnectorStatus): boolean {
  return (
    found.connector.state === 'RUNNING' && found.tasks.length > 0 && found.tasks.every((t) => t.state === 'RUNNING')
  );
}
