import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestStack } from '../test-stack.ts';
import { jdkOf } from './worker.ts';

export interface Certificate {
  /** The key and the certificate, for a server. */
  readonly pfx: Buffer;
  readonly passphrase: string;
  /** The file of the certificate alone, for who is to trust it. */
  readonly pem: string;
}

/** A certificate that signs itself, for the host of a name. */
export function selfSigned({ stack }: TestStack, host: string): Certificate {
  const passphrase = 'of a test';
  const folder = stack.dir('run', 'tls');
  const store = join(folder, `${host}.p12`);
  const pem = join(folder, `${host}.pem`);
  const keytool = (...args: string[]): void => {
    const common = ['-keystore', store, '-storepass', passphrase, '-alias', 'venue'];
    execFileSync(join(jdkOf(stack), 'bin', 'keytool'), [...args, ...common], { stdio: 'ignore' });
  };
  keytool('-genkeypair', '-keyalg', 'EC', '-dname', `CN=${host}`, '-ext', `SAN=dns:${host}`, '-storetype', 'PKCS12');
  keytool('-exportcert', '-rfc', '-file', pem);
  return { pfx: readFileSync(store), passphrase, pem };
}
