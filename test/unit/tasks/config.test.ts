import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { RatehouseError, exitCodeOf } from '../../../tasks/src/lib/error.ts';

describe('the configuration of a task', () => {
  it('names everything that is missing or wrong at once, and never a value', () => {
    const env = { RATEHOUSE_CONNECT_URL: 'ftp://user:hunter2@host' };
    const read = (): unknown =>
      readConfig(env, ['RATEHOUSE_CONNECT_URL', 'RATEHOUSE_KAFKA_BROKERS', 'RATEHOUSE_CLICKHOUSE_PASSWORD']);
    expect(read)
      .to.throw(RatehouseError)
      .with.property('message')
      .that.matches(/^3 setting/)
      .and.includes('RATEHOUSE_KAFKA_BROKERS')
      .and.includes('RATEHOUSE_CLICKHOUSE_PASSWORD')
      .and.not.include('hunter2');
    try {
      read();
    } catch (error) {
      expect(exitCodeOf(error)).to.equal(2);
    }
  });

  it('takes a secret from a mounted file, without its last line break', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ratehouse-config-'));
    const file = join(folder, 'password');
    writeFileSync(file, 's3cret\n');
    expect(readConfig({ RATEHOUSE_CLICKHOUSE_PASSWORD_FILE: file }, ['RATEHOUSE_CLICKHOUSE_PASSWORD'])).to.deep.equal({
      RATEHOUSE_CLICKHOUSE_PASSWORD: 's3cret',
    });
    rmSync(folder, { recursive: true });
    expect(() => readConfig({ RATEHOUSE_CLICKHOUSE_PASSWORD_FILE: file }, ['RATEHOUSE_CLICKHOUSE_PASSWORD'])).to.throw(
      /RATEHOUSE_CLICKHOUSE_PASSWORD_FILE: cannot be read \(ENOENT\)/,
    );
  });

  it('takes several brokers, and addresses without their last slash', () => {
    expect(
      readConfig({ RATEHOUSE_KAFKA_BROKERS: 'a:1,b:2', RATEHOUSE_FLINK_URL: 'http://h:1/' }, [
        'RATEHOUSE_KAFKA_BROKERS',
        'RATEHOUSE_FLINK_URL',
      ]),
    ).to.deep.equal({
      RATEHOUSE_KAFKA_BROKERS: ['a:1', 'b:2'],
      RATEHOUSE_FLINK_URL: 'http://h:1',
    });
  });
});
