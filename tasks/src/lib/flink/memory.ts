import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readCatalog } from '../catalog/settings.ts';
import { lakeStorage } from '../catalog/storage.ts';
import type { Setting } from '../config.ts';
import { RatehouseError } from '../error.ts';
import { S3Objects, type Held, type Objects } from '../objects.ts';
import type { JobMemory } from './plan.ts';

const memories = z.record(
  z.string(),
  z.object({
    jobId: z.string(),
    hash: z.string(),
    topology: z.string(),
    generation: z.number().int(),
    from: z.string().optional(),
    checkpoint: z.string().optional(),
  }),
);

const KEY = 'flink-jobs.json';

/** Where sync-flink remembers what it did: RATEHOUSE_FLINK_MEMORY, `s3://bucket/prefix`, or `file:///folder` for one machine. */
export function openMemory(
  memory: Setting<'RATEHOUSE_FLINK_MEMORY'>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Objects {
  const { protocol, host, pathname } = new URL(memory);
  if (protocol === 'file:') return new FileObjects(fileURLToPath(memory));
  return new S3Objects(lakeStorage(readCatalog(env)), `${host}${pathname.replace(/\/$/, '')}`, signal);
}

/** What is remembered of each job. Nobody else may write meanwhile, and a write that would undo another's is refused. */
export class JobMemories {
  private constructor(
    private readonly objects: Objects,
    private held: Held | undefined,
    private jobs: Readonly<Record<string, JobMemory>>,
  ) {}

  static async read(objects: Objects): Promise<JobMemories> {
    const held = await objects.get(KEY);
    return new JobMemories(objects, held, held === undefined ? {} : memories.parse(JSON.parse(held.text)));
  }

  get names(): readonly string[] {
    return Object.keys(this.jobs);
  }

  of(name: string): JobMemory | undefined {
    return this.jobs[name];
  }

  /** @throws RATEHOUSE_CONFLICT when another sync has written since */
  async remember(name: string, memory: JobMemory): Promise<void> {
    const jobs = { ...this.jobs, [name]: memory };
    const text = JSON.stringify(jobs, undefined, 2);
    if (text === this.held?.text) return;
    const tag = await this.objects.put(KEY, text, this.held?.tag);
    if (tag === undefined)
      throw new RatehouseError(
        'RATEHOUSE_CONFLICT',
        `Another sync has written ${KEY} meanwhile; run sync-flink again.`,
      );
    this.held = { text, tag };
    this.jobs = jobs;
  }
}

/** In a folder; for one machine, where writers follow each other. */
class FileObjects implements Objects {
  constructor(private readonly folder: string) {}

  get(key: string): Promise<Held | undefined> {
    try {
      const text = readFileSync(join(this.folder, key), 'utf8');
      return Promise.resolve({ text, tag: createHash('sha256').update(text).digest('hex') });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Promise.resolve(undefined);
      throw error;
    }
  }

  async put(key: string, text: string, over: string | undefined): Promise<string | undefined> {
    if ((await this.get(key))?.tag !== over) return undefined;
    mkdirSync(this.folder, { recursive: true });
    const file = join(this.folder, key);
    writeFileSync(`${file}.partial`, text);
    renameSync(`${file}.partial`, file);
    return (await this.get(key))?.tag;
  }
}
