import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCatalog } from '../catalog/settings.ts';
import { lakeStorage } from '../catalog/storage.ts';
import { RatehouseError } from '../error.ts';
import { Storage } from '../maintain/storage.ts';

/** A file of Flink's state, named by its path below RATEHOUSE_FLINK_STATE. */
export interface StateFile {
  readonly path: string;
  readonly modified: number;
  readonly bytes: number;
}

/**
 * Where a job left its newest state: the newest of its completed checkpoints (chk-N) and savepoints, each complete once it has its
 * metadata. Below the state's root; undefined when there is none.
 */
export function newestState(files: readonly StateFile[], jobId: string): string | undefined {
  const savepoint = `savepoints/savepoint-${jobId.slice(0, 6)}-`;
  const metadata = files
    .filter(({ path, bytes }) => path.endsWith('/_metadata') && bytes > 0)
    .filter(({ path }) => path.startsWith(`checkpoints/${jobId}/chk-`) || path.startsWith(savepoint));
  const number = (path: string): number => Number(/chk-(\d+)/.exec(path)?.[1] ?? Infinity);
  metadata.sort((a, b) => a.modified - b.modified || number(a.path) - number(b.path));
  return metadata.at(-1)?.path.slice(0, -'/_metadata'.length);
}

/**
 * The address of a job's newest state, looked for where Flink keeps it.
 * @param state RATEHOUSE_FLINK_STATE, file:///folder or s3://bucket/prefix, that holds checkpoints/ and savepoints/
 */
export async function findState(
  state: string,
  jobId: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const files = state.startsWith('file://')
    ? localFiles(fileURLToPath(state), jobId)
    : await s3Files(state, jobId, env, signal);
  const found = newestState(files, jobId);
  return found === undefined ? undefined : `${state.replace(/\/$/, '')}/${found}`;
}

function localFiles(root: string, jobId: string): StateFile[] {
  return [`checkpoints/${jobId}`, 'savepoints'].flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder)).flatMap((name) => {
      const path = `${folder}/${name}/_metadata`;
      const found = statSync(join(root, path), { throwIfNoEntry: false });
      return found === undefined ? [] : [{ path, modified: found.mtimeMs, bytes: found.size }];
    });
  });
}

async function s3Files(
  state: string,
  jobId: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<StateFile[]> {
  const [, bucket, root] = /^s3[ap]?:\/\/([^/]+)\/(.+?)\/?$/.exec(state) ?? [];
  if (bucket === undefined || root === undefined)
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `RATEHOUSE_FLINK_STATE must be file:///folder or s3://bucket/prefix; found ${state}.`,
    );
  const storage = new Storage(lakeStorage(readCatalog(env)), signal);
  const listings = await Promise.all(
    [`checkpoints/${jobId}/`, `savepoints/savepoint-${jobId.slice(0, 6)}-`].map((prefix) =>
      storage.list({ bucket, prefix: `${root}/${prefix}` }),
    ),
  );
  return listings.flat().map(({ key, modified, bytes }) => ({ path: key.slice(root.length + 1), modified, bytes }));
}
