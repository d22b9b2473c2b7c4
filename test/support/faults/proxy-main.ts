// A process of its own: what passes through it must not wait while a test computes.
import { z } from 'zod';
import ports from '../../../stack/ports.json' with { type: 'json' };
import { Stack, type PortName } from '../../../stack/lib/stack.ts';
import { Proxy } from './proxy.ts';
import { localPortsOf } from './sockets.ts';

const REACHED: ReadonlySet<PortName> = new Set(['seaweedfs-s3', 'seaweedfs-iceberg']);

const order = z.discriminatedUnion('order', [
  z.object({
    order: z.literal('break'),
    kind: z.enum(['cut', 'silent', 'half-open']),
    from: z.string(),
    ports: z.array(z.number()),
  }),
  z.object({ order: z.literal('mend') }),
]);

const stack = new Stack(process.env);
const proxy = new Proxy();
for (const name of Object.keys(ports) as PortName[]) {
  // The supervisor is reached where it listens, and so are the parts of SeaweedFS by each other.
  if (name === 'supervisor' || (name.startsWith('seaweedfs') && !REACHED.has(name))) continue;
  await proxy.listen(stack.host, stack.port(name), { host: '127.0.0.1', port: stack.listenPort(name) });
}

process.on('message', (message) => {
  const wanted = order.parse(message);
  if (wanted.order === 'mend') {
    process.send?.({ met: proxy.mend() });
    return;
  }
  const { kind, from } = wanted;
  proxy.break({ kind, ports: wanted.ports, from: (port) => localPortsOf(stack, from).has(port) });
  process.send?.({ met: 0 });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ met: 0 });
