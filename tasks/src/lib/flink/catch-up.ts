import type { Admin } from 'kafkajs';
import { waitFor } from '../wait.ts';
import type { SourceTopic } from './job-file.ts';

/** How far a group has committed its reading of a topic, by partition; -1 where it never did. */
type Offsets = ReadonlyMap<number, number>;

/** Whether one reader of a topic has come at least as far as another, in every partition that the other has begun. */
export function hasCaughtUp(newer: Offsets, older: Offsets): boolean {
  return newer.size > 0 && [...older].every(([partition, offset]) => (newer.get(partition) ?? -1) >= offset);
}

/** Waits until the newer of two jobs has read all of its topics as far as the older: by what both commit with their checkpoints. */
export async function catchesUp(
  admin: Admin,
  topics: readonly { readonly older: SourceTopic; readonly newer: SourceTopic }[],
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  await waitFor(
    async () => {
      for (const { older, newer } of topics) {
        // The older first: the newer then has to reach where that one was before it was looked at.
        const target = await committed(admin, older);
        if (!hasCaughtUp(await committed(admin, newer), target)) return false;
      }
      return true;
    },
    { what: 'the new job to catch up with the old one', timeoutMs, signal, intervalMs: 500 },
  );
}

async function committed(admin: Admin, { topic, group }: SourceTopic): Promise<Offsets> {
  const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return new Map((found?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
}
