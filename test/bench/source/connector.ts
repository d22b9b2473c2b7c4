import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { request } from '../../../tasks/src/lib/http.ts';
import { ConnectClient, failureOf, fillIn, runs } from '../../../tasks/src/lib/stream/connect.ts';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import type { BenchEngines } from '../lib/engines.ts';
import type { Subject } from './subject.ts';
import { SYMBOLS } from './trade-block.ts';

const NAME = 'trades-bench';
/** The shipped configuration of a real feed; only where it connects to is another. */
const SHIPPED = 'trades-finnhub.json';

/** Our connector, in the worker of the stack. */
export function connector(engines: BenchEngines, signal: AbortSignal): Subject {
  const { stack } = engines;
  const connect = new ConnectClient(stack.url('connect'), signal);
  const url = `${stack.url('connect')}/connectors/${NAME}`;
  return {
    name: 'connector',
    async start(feedUrl) {
      const text = readFileSync(join(stack.root, 'connectors', 'config', SHIPPED), 'utf8');
      const shipped = fillIn(
        SHIPPED,
        text,
        new Map([
          ['RATEHOUSE_CONNECT_SECRETS', stack.connectSecretsFile],
          ['RATEHOUSE_REGISTRY_URL', stack.url('registry')],
        ]),
      );
      const wanted = {
        ...shipped,
        'feed.name': 'bench',
        'feed.url': feedUrl,
        'feed.token': `\${file:${stack.connectSecretsFile}:replay.token}`,
        'feed.symbols': SYMBOLS.join(),
        'offsets.storage.topic': `${NAME}-offsets`,
      };
      await waitFor(() => connect.put(NAME, wanted), {
        what: 'Kafka Connect to take the connector',
        timeoutMs: 60_000,
        signal,
      });
      await waitFor(
        async () => {
          const status = await connect.status(NAME);
          return status !== undefined && runs(status);
        },
        {
          what: 'the connector to run',
          timeoutMs: 60_000,
          signal,
          async check() {
            const status = await connect.status(NAME);
            const failure = status === undefined ? undefined : failureOf(status);
            if (failure !== undefined)
              throw new RatehouseError('RATEHOUSE_REFUSED', `The connector failed: ${failure}`);
          },
        },
      );
      return engines.pid('connect');
    },
    async stop() {
      await request(url, { method: 'DELETE', timeoutMs: 60_000, also: [404] });
    },
  };
}
