import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafka } from '../../../stack/engines/kafka.ts';
import { locate } from '../../../stack/lib/install.ts';
import { engineContext, packages } from '../../../stack/lib/lifecycle.ts';
import { Stack, writePrivate } from '../../../stack/lib/stack.ts';
import { expect } from 'chai';

describe('the Kafka engine', () => {
  it('formats its storage whatever character the id of its cluster begins with', async function () {
    this.timeout(60_000);
    const home = mkdtempSync(join(tmpdir(), 'ratehouse-kafka-'));
    try {
      const stack = new Stack({ ...process.env, RATEHOUSE_HOME: home, RATEHOUSE_PORT_BASE: '21000' });
      writePrivate(
        stack.credentialsFile,
        JSON.stringify({ ...stack.credentials, kafkaClusterId: '-3mKhaDSSkqjBRxnS9WH7w' }),
      );
      const again = new Stack({ ...process.env, RATEHOUSE_HOME: home, RATEHOUSE_PORT_BASE: '21000' });
      await kafka.prepare?.(engineContext(again, locate(packages(), again)));
      expect(existsSync(join(home, 'data', 'kafka', 'meta.properties'))).to.equal(true);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
