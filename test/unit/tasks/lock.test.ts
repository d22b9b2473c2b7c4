import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { withLock } from '../../../tasks/src/lib/lock.ts';

const lockModule = fileURLToPath(new URL('../../../tasks/src/lib/lock.ts', import.meta.url));

describe('the lock of tasks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratehouse-lock-'));
  const never = new AbortController().signal;
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('lets one work after the other, and leaves nothing', async () => {
    const file = join(folder, 'turns.lock');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, 10_000, never, work)));
    expect(most).to.equal(1);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is released when the work fails', async () => {
    const file = join(folder, 'failed.lock');
    const failed = await withLock(file, 1000, never, () => Promise.reject(new Error('no'))).catch(String);
    expect(failed).to.equal('Error: no');
    expect(await withLock(file, 1000, never, () => Promise.resolve('mine'))).to.equal('mine');
  });

  it('goes with a holder that is killed, and is waited for while it lives', async () => {
    const file = join(folder, 'killed.lock');
    const program = join(folder, 'holder.mts');
    writeFileSync(
      program,
      `import { withLock } from ${JSON.stringify(lockModule)};
       await withLock(process.argv[2], 1000, new AbortController().signal, () => {
         process.send('held');
         return new Promise((resolve) => setTimeout(resolve, 600_000));
       });`,
    );
    const holder = fork(program, [file], { execArgv: ['--import', 'tsx'] });
    await once(holder, 'message');
    const refused = await withLock(file, 300, never, () => Promise.resolve('taken')).catch(String);
    expect(refused).to.match(/Gave up waiting for another process to release the lock/);
    holder.kill('SIGKILL');
    expect(await withLock(file, 10_000, never, () => Promise.resolve('mine'))).to.equal('mine');
    rmSync(program);
  });
});
