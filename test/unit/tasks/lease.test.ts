import { expect } from 'chai';
import { JobMemories } from '../../../tasks/src/lib/flink/memory.ts';
import { withLease, type LeaseOptions } from '../../../tasks/src/lib/lease.ts';
import type { Held, Objects } from '../../../tasks/src/lib/objects.ts';

/** As S3 does it: a write is taken only over what was read. */
class MemoryObjects implements Objects {
  readonly texts = new Map<string, Held>();
  private writes = 0;

  get(key: string): Promise<Held | undefined> {
    return Promise.resolve(this.texts.get(key));
  }

  put(key: string, text: string, over: string | undefined): Promise<string | undefined> {
    if (this.texts.get(key)?.tag !== over) return Promise.resolve(undefined);
    const tag = `"${++this.writes}"`;
    this.texts.set(key, { text, tag });
    return Promise.resolve(tag);
  }
}

const options = (holder: string, more: Partial<LeaseOptions> = {}): LeaseOptions => ({
  key: 'lease',
  holder,
  ttlMs: 60_000,
  timeoutMs: 5000,
  signal: new AbortController().signal,
  ...more,
});

describe('a lease', () => {
  it('lets one holder work at a time', async () => {
    const objects = new MemoryObjects();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(['a', 'b', 'c'].map((holder) => withLease(objects, options(holder), work)));
    expect(most).to.equal(1);
  });

  it('is not taken from a holder that lives', async () => {
    const objects = new MemoryObjects();
    await withLease(objects, options('a'), async () => {
      const second = await withLease(objects, options('b', { timeoutMs: 1 }), () => Promise.resolve()).catch(
        (error: unknown) => String(error),
      );
      expect(second).to.include('another sync to end');
    });
  });

  it('passes on when its holder has died', async () => {
    const objects = new MemoryObjects();
    await objects.put('lease', JSON.stringify({ holder: 'dead', until: 1000 }), undefined);
    expect(await withLease(objects, options('b', { now: () => 1001 }), () => Promise.resolve('done'))).to.equal('done');
  });

  it('tells a holder that lost it', async () => {
    const objects = new MemoryObjects();
    const told = await withLease(objects, options('a', { ttlMs: 30 }), async (signal) => {
      await objects.put('lease', JSON.stringify({ holder: 'thief', until: 9e15 }), objects.texts.get('lease')?.tag);
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
      return String(signal.reason);
    });
    expect(told).to.include('was lost');
    expect(objects.texts.get('lease')?.text).to.include('thief');
  });
});

describe('what sync-flink remembers', () => {
  const memory = { jobId: '1', hash: 'h', topology: 't', generation: 1 };

  it('is there for another process', async () => {
    const objects = new MemoryObjects();
    await (await JobMemories.read(objects)).remember('a', memory);
    await (await JobMemories.read(objects)).remember('b', memory);
    const found = await JobMemories.read(objects);
    expect(found.names).to.deep.equal(['a', 'b']);
    expect(found.of('a')).to.deep.equal(memory);
  });

  it('is not overwritten by one who had read it before', async () => {
    const objects = new MemoryObjects();
    const slow = await JobMemories.read(objects);
    await (await JobMemories.read(objects)).remember('a', memory);
    const refused = await slow.remember('a', { ...memory, generation: 9 }).catch((error: unknown) => String(error));
    expect(refused).to.include('Another sync has written');
    expect((await JobMemories.read(objects)).of('a')?.generation).to.equal(1);
  });
});
