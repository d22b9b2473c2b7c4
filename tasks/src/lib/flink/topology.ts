import { createHash } from 'node:crypto';
import { z } from 'zod';

const plan = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      parallelism: z.number(),
      predecessors: z.array(z.object({ id: z.number(), ship_strategy: z.string() })).default([]),
    }),
  ),
});

/**
 * The shape of a job, from what EXPLAIN JSON_EXECUTION_PLAN says: its operators, what they are and what feeds each. Flink finds the
 * state of an operator again by its place in that shape, so that a job of the same shape can go on from another's savepoint. What an
 * operator computes is no part of it.
 */
export function topologyOf(explained: string): string {
  const { nodes } = plan.parse(JSON.parse(explained.slice(explained.indexOf('{'))));
  const places = new Map(nodes.map(({ id }, index) => [id, index]));
  const shape = nodes.map(({ type, parallelism, predecessors }) => ({
    // The numbers are given anew each time.
    type: type.replace(/\[\d+\]/g, ''),
    parallelism,
    from: predecessors.map(({ id, ship_strategy }) => [places.get(id) ?? -1, ship_strategy]),
  }));
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 16);
}
