import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from '../../../tasks/src/lib/http.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { ConnectClient, failureOf, fillIn, runs } from '../../../tasks/src/lib/stream/connect.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { BenchEngines } from '../lib/engines.ts';
import { TOPIC } from './candles.ts';
import type { Subject } from './subject.ts';

const SHIPPED = 'clickhouse-silver.json';

/** Our sink in the worker of the stack, as it is shipped; only its topic is one alone. A new group for each name. */
export function connector(engines: BenchEngines, signal: AbortSignal, name: string): Subject {
  const { stack } = engines;
  const connect = new ConnectClient(stack.url('connect'), signal);
  const failed = async (): Promise<void> => {
    const status = await connect.status(name);
    const failure = status === undefined ? undefined : failureOf(status);
    if (failure !== undefined) throw new RatehouseError('RATEHOUSE_REFUSED', `The sink failed: ${failure}`);
  };
  return {
    name: 'connector',
    async start() {
      const shipped = fillIn(
        SHIPPED,
        readFileSync(join(stack.root, 'connectors', 'config', SHIPPED), 'utf8'),
        new Map([
          ['RATEHOUSE_CONNECT_SECRETS', stack.connectSecretsFile],
          ['RATEHOUSE_REGISTRY_URL', stack.url('registry')],
          ['RATEHOUSE_CLICKHOUSE_URL', stack.url('clickhouse-http')],
          ['RATEHOUSE_CLICKHOUSE_USER', 'ratehouse'],
          ['topic-incarnations', `${TOPIC}=1`],
        ]),
      );
      const wanted = { ...shipped, topics: TOPIC, 'topic.tables': `${TOPIC}=candles_1m_rows` };
      const patience = { timeoutMs: 60_000, signal };
      await waitFor(() => connect.put(name, wanted), { what: 'Kafka Connect to take the sink', ...patience });
      await waitFor(
        async () => {
          const status = await connect.status(name);
          return status !== undefined && runs(status);
        },
        { what: 'the sink to run', ...patience, check: failed },
      );
      return engines.pid('connect');
    },
    async stop() {
      await request(`${stack.url('connect')}/connectors/${name}`, { method: 'DELETE', timeoutMs: 60_000, also: [404] });
    },
  };
}
