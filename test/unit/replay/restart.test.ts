import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../../../tasks/src/lib/wait.ts';
import { Client, DAY_MS, Folder, TOKEN, csv, prices, until } from './harness.ts';

const program = fileURLToPath(new URL('process.ts', import.meta.url));
const LAST = 1_385_900_000_000;
const PAST = 6000;

/** The command as a process of its own, which can be killed. */
class Process {
  readonly #child: ChildProcess;
  #log = '';
  port = 0;

  constructor(flags: readonly string[]) {
    const env = { ...process.env, RATEHOUSE_FEED_TOKEN: TOKEN };
    this.#child = spawn(process.execPath, ['--import', 'tsx', program, ...flags], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (data: Buffer) => (this.#log += data.toString('utf8')));
  }

  async subscriber(): Promise<Client> {
    this.port = await waitFor(() => Promise.resolve(Number(/"port":(\d+)/.exec(this.#log)?.[1] ?? 0) || undefined), {
      what: 'the process to listen',
      timeoutMs: 30_000,
      intervalMs: 20,
    });
    const client = await new Client(this.port).opened();
    client.ask('subscribe');
    return client;
  }

  async health(): Promise<Record<string, number>> {
    return (await (await fetch(`http://127.0.0.1:${this.port}/health`)).json()) as Record<string, number>;
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }
}

describe('replay-feed, started again with its state', function () {
  this.timeout(60_000);
  let folder: Folder;
  let flags: string[];
  let processes: Process[];
  beforeEach(() => {
    folder = new Folder();
    processes = [];
    const past = Array.from({ length: PAST }, (_, i) => LAST - 2 * DAY_MS + i * 1000);
    const input = folder.file('trades.csv', csv([...past, LAST]));
    flags = ['--input', input, '--align', 'now', '--state', folder.file('state.json')];
  });
  afterEach(async () => {
    await Promise.all(processes.map((p) => p.end('SIGKILL')));
    folder.remove();
  });

  const start = (...more: string[]): Process => {
    const started = new Process([...flags, ...more]);
    processes.push(started);
    return started;
  };

  it('sends the past once, also when it was killed in the middle', async () => {
    const sentLog = folder.file('sent.jsonl');
    const killed = start('--sent-log', sentLog, '--faults', '{"fault":"stall","seconds":600,"after":2500}');
    const first = await killed.subscriber();
    await first.got(2500);
    const { anchor } = await killed.health();
    await killed.end('SIGKILL');

    const again = start('--sent-log', sentLog);
    const second = await again.subscriber();
    await second.got(PAST - 3000);
    await until('the note of the last frame', () => readFileSync(sentLog, 'utf8').includes('"first":5980'));
    const health = await again.health();
    expect(first.prices).to.deep.equal(prices(0, 2500));
    expect(second.prices).to.deep.equal(prices(3000, PAST - 3000));
    // A chunk of a thousand was reserved at 2,000: of these, it says, it cannot know.
    expect(health).to.include({ anchor, sent: PAST - 1000, uncertain: 1000, lost: 0 });
  });

  it('sends nothing of the past again after it was stopped in good order', async () => {
    const stopped = start('--faults', '{"fault":"stall","seconds":600,"after":2500}');
    const first = await stopped.subscriber();
    await first.got(2500);
    await stopped.end('SIGTERM');
    expect(first.closed).to.equal(1001);
    const again = start();
    const second = await again.subscriber();
    await second.got(PAST - 2500);
    expect([...first.prices, ...second.prices]).to.deep.equal(prices(0, PAST));
    expect(await again.health()).to.include({ sent: PAST, lost: 0, uncertain: 0 });
  });
});
