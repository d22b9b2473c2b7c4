import { z } from 'zod';
import { request } from '../../../tasks/src/lib/http.ts';
import { ConnectClient, type ConnectorConfig } from '../../../tasks/src/lib/stream/connect.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';

const part = z.object({ state: z.string(), worker_id: z.string(), trace: z.string().optional() });
const status = z.object({ connector: part, tasks: z.array(part) });

/** One connector, as its operator handles it: by Kafka Connect's REST API alone. */
export class Connector {
  constructor(
    readonly url: string,
    readonly name: string,
  ) {}

  /** Creates it, or changes its configuration. */
  async put(config: ConnectorConfig): Promise<void> {
    const client = new ConnectClient(this.url, new AbortController().signal);
    await waitFor(() => client.put(this.name, config), {
      what: `Kafka Connect to take connector ${this.name}`,
      timeoutMs: 120_000,
    });
  }

  async status(): Promise<z.infer<typeof status> | undefined> {
    const { status: code, body } = await request(`${this.url}/connectors/${this.name}/status`, { also: [404] });
    return code === 404 ? undefined : status.parse(body);
  }

  /** Waits for a state of its one task. */
  async taskIs(state: string, timeoutMs = 120_000): Promise<z.infer<typeof part>> {
    return waitFor(
      async () => {
        const task = (await this.status())?.tasks[0];
        return task?.state === state && task;
      },
      { what: `the task of ${this.name} to be ${state}`, timeoutMs },
    );
  }

  async restartTask(): Promise<void> {
    await this.call('POST', '/tasks/0/restart');
  }

  async pause(): Promise<void> {
    await this.call('PUT', '/pause');
    await this.taskIs('PAUSED');
  }

  /** Ends the task and keeps the connector. */
  async stop(): Promise<void> {
    await this.call('PUT', '/stop');
    await waitFor(async () => (await this.status())?.connector.state === 'STOPPED', {
      what: `${this.name} to be stopped`,
      timeoutMs: 120_000,
    });
  }

  async resume(): Promise<void> {
    await this.call('PUT', '/resume');
    await this.taskIs('RUNNING');
  }

  async remove(): Promise<void> {
    await this.call('DELETE', '');
    await waitFor(async () => (await this.status()) === undefined, {
      what: `${this.name} to be gone`,
      timeoutMs: 120_000,
    });
  }

  /** A worker that is rebalancing answers 409, and one that has just started may not answer yet: it is asked again. */
  private async call(method: string, path: string): Promise<void> {
    await waitFor(
      async () => {
        const reply = await request(`${this.url}/connectors/${this.name}${path}`, { method, also: [404, 409] });
        return reply.status !== 409;
      },
      { what: `Kafka Connect to take ${method} ${path} of ${this.name}`, timeoutMs: 120_000 },
    );
  }
}
