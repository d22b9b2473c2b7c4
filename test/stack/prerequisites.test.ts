import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { ratehouse, TestStack } from '../support/test-stack.ts';

describe('npm start on a machine that is not ready', () => {
  const test = new TestStack(22_000);

  after(() => test.remove());

  it('names everything that is missing in one message, with what to do', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'ratehouse-bin-'));
    symlinkSync(process.execPath, join(bin, 'node'));
    const env = {
      ...test.env,
      PATH: bin,
      JAVA_HOME: '',
      RATEHOUSE_JVM_DIRS: bin,
      RATEHOUSE_JAVA17_HOME: '',
      RATEHOUSE_JAVA25_HOME: '',
    };
    const { code, output } = await ratehouse(['start'], env);
    rmSync(bin, { recursive: true });
    expect(code).to.equal(2);
    for (const name of ['Python 3.11', 'JDK 17', 'JDK 25', 'Maven'])
      expect(output).to.match(new RegExp(`- ${name}.*is needed.*Install it`));
    expect(output.trim().split('\n')).to.have.length(5);
  });

  it('names the port that another program holds', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(test.stack.port('kafka'), '127.0.0.1', resolve));
    const { code, output } = await test.run('start');
    server.close();
    expect(code).to.equal(2);
    expect(output).to.include(`A port is taken by another program: ${test.stack.port('kafka')} (kafka)`);
    expect(output).to.include('RATEHOUSE_PORT_BASE');
  });

  it('refuses an option that it does not know, and says which it knows', async () => {
    const { code, output } = await test.run('start', '--sped', '3');
    expect(code).to.equal(2);
    expect(output).to.match(/npm start takes --feed, .*--speed/);
  });

  it('asks for the token of a real feed by the name of its variable', async () => {
    const { code, output } = await ratehouse(['start', '--feed', 'finnhub'], { ...test.env, FINNHUB_TOKEN: '' });
    expect(code).to.equal(2);
    expect(output).to.include('set FINNHUB_TOKEN');
    expect(test.processes()).to.deep.equal([]);
  });

  it('says that nothing runs when it is asked for the status of nothing', async () => {
    const { code, output } = await test.run('status');
    expect(code).to.equal(1);
    expect(output).to.match(/kafka +stopped/);
  });
});

describe('a start that does not come to its end', () => {
  const test = new TestStack(22_000);

  after(() => test.remove());

  it('leaves no process behind after Ctrl-C', async () => {
    const { code, output } = await test.runUntil(['start'], /kafka +ready/, 'SIGINT');
    expect(code).to.equal(130);
    expect(output).to.include('Stopping what was started');
    expect(test.processes()).to.deep.equal([]);
  });

  it('shows the end of the log of an engine that cannot start, and leaves no process behind', async () => {
    // Kafka refuses to run on the data of another cluster.
    const meta = join(test.stack.home, 'data', 'kafka', 'meta.properties');
    mkdirSync(dirname(meta), { recursive: true });
    writeFileSync(meta, 'version=1\ncluster.id=another\nnode.id=7\n');
    const { code, output } = await test.run('start');
    expect(code).to.equal(1);
    expect(output).to.include('kafka ends as soon as it is started');
    expect(output).to.match(/Stored node id 7/);
    expect(test.processes()).to.deep.equal([]);
  });
});
