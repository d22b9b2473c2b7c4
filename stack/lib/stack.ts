import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import offsets from '../ports.json' with { type: 'json' };

export type PortName = keyof typeof offsets;

const LISTENS_ON = '127.0.0.1';
const BEHIND_PROXY = 70;

/** Generated once for each stack and kept in a file of mode 0600. */
const GENERATED = {
  supervisor: secret,
  clickhouse: secret,
  s3AccessKey: () => randomBytes(10).toString('hex'),
  s3SecretKey: secret,
  replayToken: secret,
  kafkaClusterId: () => randomBytes(16).toString('base64url'),
  airflow: secret,
  /** Signs the tokens of Airflow's API; HS512 wants 64 bytes. */
  airflowJwtSecret: () => randomBytes(64).toString('hex'),
  airflowSecretKey: secret,
  /** In Fernet's own spelling: base64url with its padding. */
  airflowFernetKey: () => `${randomBytes(32).toString('base64url')}=`,
} as const;
export type Credentials = Readonly<Record<keyof typeof GENERATED, string>>;

/** One stack on this machine: where its files, its ports and its credentials are. */
export class Stack {
  readonly root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  readonly cache: string;
  readonly home: string;
  readonly portBase: number;
  /** The loopback address at which engines, tasks and people reach an engine. All listen on 127.0.0.1; a test puts a proxy between. */
  readonly host: string;
  readonly java17: string;
  readonly java25: string;

  constructor(env: NodeJS.ProcessEnv) {
    this.cache = must(env, 'RATEHOUSE_CACHE');
    this.home = must(env, 'RATEHOUSE_HOME');
    this.portBase = Number(must(env, 'RATEHOUSE_PORT_BASE'));
    this.host = env['RATEHOUSE_REACHED_AT'] ?? LISTENS_ON;
    this.java17 = env['RATEHOUSE_JAVA17_HOME'] ?? '';
    this.java25 = env['RATEHOUSE_JAVA25_HOME'] ?? '';
  }

  port(name: PortName): number {
    return this.portBase + offsets[name];
  }

  /** `<host>:<port>`, where others reach it. */
  address(name: PortName): string {
    return `${this.host}:${this.port(name)}`;
  }

  /** `127.0.0.1:<port>`, where it listens. */
  listens(name: PortName): string {
    return `${LISTENS_ON}:${this.listenPort(name)}`;
  }

  /** The port on which it listens. SeaweedFS wants its port free on all addresses, also on the one where it is reached. */
  listenPort(name: PortName): number {
    return this.port(name) + (this.host !== LISTENS_ON && name.startsWith('seaweedfs-') ? BEHIND_PROXY : 0);
  }

  url(name: PortName): string {
    return `http://${this.address(name)}`;
  }

  /** A folder below the stack's home, made when it is not there. */
  dir(...parts: string[]): string {
    const path = join(this.home, ...parts);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  file(...parts: string[]): string {
    return join(this.dir(...parts.slice(0, -1)), parts.at(-1) ?? '');
  }

  get credentialsFile(): string {
    return this.file('secrets', 'credentials.json');
  }

  /** The file that Kafka Connect's config provider takes secrets from. */
  get connectSecretsFile(): string {
    return this.file('secrets', 'connect.properties');
  }

  private held: Credentials | undefined;

  /** What a file of an earlier version lacks is generated and added. */
  get credentials(): Credentials {
    this.held ??= this.readOrGenerate();
    return this.held;
  }

  private readOrGenerate(): Credentials {
    const file = this.credentialsFile;
    const found = z
      .record(z.string(), z.string())
      .parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
    const value = (name: keyof typeof GENERATED): string => found[name] ?? GENERATED[name]();
    const all: Credentials = {
      supervisor: value('supervisor'),
      clickhouse: value('clickhouse'),
      s3AccessKey: value('s3AccessKey'),
      s3SecretKey: value('s3SecretKey'),
      replayToken: value('replayToken'),
      kafkaClusterId: value('kafkaClusterId'),
      airflow: value('airflow'),
      airflowJwtSecret: value('airflowJwtSecret'),
      airflowSecretKey: value('airflowSecretKey'),
      airflowFernetKey: value('airflowFernetKey'),
    };
    if (Object.keys(all).some((name) => !(name in found))) writePrivate(file, `${JSON.stringify(all, undefined, 2)}\n`);
    return all;
  }
}

function secret(): string {
  return randomBytes(24).toString('hex');
}

function must(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `${name} is not set. Run the npm scripts (npm start, npm run status ...): they set it.`,
    );
  }
  return value;
}

/** Writes a file that only this user can read, whole or not at all. */
export function writePrivate(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.partial`;
  writeFileSync(partial, content, { mode: 0o600 });
  renameSync(partial, path);
}
