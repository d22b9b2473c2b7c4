import { existsSync, readFileSync } from 'node:fs';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { writePrivate, type Stack } from './stack.ts';
import { tokenFile } from './task-environment.ts';

/** Environment variables that hold the tokens of real feeds, by feed. */
const TOKENS: Readonly<Record<string, string>> = { finnhub: 'FINNHUB_TOKEN' };

/**
 * Writes the properties file from which Connect's config provider takes secrets: connectors name them, and never hold them.
 * A token given at an earlier start is kept.
 */
export function writeConnectSecrets(stack: Stack, feed: string, env: NodeJS.ProcessEnv): void {
  const file = stack.connectSecretsFile;
  const held = new Map(
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  held.set('clickhouse.password', stack.credentials.clickhouse);
  held.set('s3.access-key', stack.credentials.s3AccessKey);
  held.set('s3.secret-key', stack.credentials.s3SecretKey);
  held.set('replay.token', stack.credentials.replayToken);
  const variable = TOKENS[feed];
  if (variable !== undefined) {
    const token = env[variable];
    if (token !== undefined && /^[\w-]+$/.test(token)) {
      held.set(`${feed}.token`, token);
      writePrivate(tokenFile(stack, feed), token);
    } else if (!held.has(`${feed}.token`)) {
      throw new RatehouseError(
        'RATEHOUSE_CONFIG',
        `The feed ${feed} needs a token: set ${variable} to it (letters, digits, - and _).`,
      );
    }
  }
  writePrivate(file, [...held].map(([key, value]) => `${key}=${value}\n`).join(''));
}
