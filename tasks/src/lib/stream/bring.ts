import type { TaskContext } from '../command.ts';
import { RatehouseError } from '../error.ts';
import { waitFor } from '../wait.ts';
import { differing, failureOf, runs, type ConnectClient, type ConnectorConfig } from './connect.ts';

export type Brought = 'created' | 'changed' | 'unchanged';

/** Creates or changes a connector where it differs from what is wanted, and waits until it runs. */
export async function bring(
  connect: ConnectClient,
  name: string,
  wanted: ConnectorConfig,
  { log, signal }: Pick<TaskContext, 'log' | 'signal'>,
): Promise<Brought> {
  const stored = await connect.config(name);
  const changed = stored === undefined ? [] : differing(stored, wanted);
  const done = stored === undefined ? 'created' : changed.length > 0 ? 'changed' : 'unchanged';
  if (done !== 'unchanged') {
    const answer = await waitFor(
      async () => {
        const said = await connect.put(name, wanted);
        return said !== 'later' && said;
      },
      { what: `Kafka Connect to take connector ${name}`, timeoutMs: 60_000, signal },
    );
    if (answer !== 'taken') throw answer;
    log.info(`connector ${name} ${done}${changed.length > 0 ? `: ${changed.join(', ')}` : ''}`);
  }
  await waitFor(
    async () => {
      const found = await connect.status(name);
      return found !== undefined && runs(found);
    },
    { what: `connector ${name} to run`, timeoutMs: 90_000, signal, check: () => failFast(connect, name) },
  );
  return done;
}

/** A failed connector will not get well by waiting: its reason is the answer. */
export async function failFast(connect: ConnectClient, name: string): Promise<void> {
  const found = await connect.status(name);
  const failure = found === undefined ? undefined : failureOf(found);
  if (failure !== undefined) throw new RatehouseError('RATEHOUSE_REFUSED', `Connector ${name} failed: ${failure}`);
}
