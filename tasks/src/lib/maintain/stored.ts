/** A file as the storage lists it. */
export interface StoredFile {
  /** Within the bucket. */
  readonly key: string;
  readonly bytes: number;
  /** Epoch ms. */
  readonly modified: number;
}

export type Kind = 'data' | 'manifests' | 'metadata' | 'other';

export type Count = Readonly<Record<'files' | 'bytes', number>>;
export type Counts = Readonly<Record<Kind, Count>>;

/** Where a table's files are: `prefix` ends with a slash, so that it is no other table's too. */
export interface Location {
  readonly bucket: string;
  readonly prefix: string;
}

/** Reads `s3://bucket/path`, with or without a slash at its end; undefined when it is nothing of the kind. */
export function parseLocation(text: string): Location | undefined {
  const [, bucket, path] = /^s3[an]?:\/\/([^/]+)\/(.*[^/])\/?$/.exec(text) ?? [];
  return bucket === undefined || path === undefined ? undefined : { bucket, prefix: `${path}/` };
}

/** The key of a file that the catalog names by its whole address; undefined when it is in another bucket. */
export function keyOf({ bucket }: Location, address: string): string | undefined {
  const [, found, key] = /^s3[an]?:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  return found === bucket ? key : undefined;
}

/** What a file of a table is, by Iceberg's layout. The lists of manifests count as manifests. */
export function kindOf({ prefix }: Location, key: string): Kind {
  const path = key.startsWith(prefix) ? key.slice(prefix.length) : '';
  if (/^data\/.+\.parquet$/.test(path)) return 'data';
  if (/^metadata\/[^/]+\.avro$/.test(path)) return 'manifests';
  if (/^metadata\/[^/]+\.metadata\.json$/.test(path)) return 'metadata';
  return 'other';
}

export function countFiles(files: readonly StoredFile[]): Count {
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

export function countKinds(location: Location, files: readonly StoredFile[]): Counts {
  const of = (kind: Kind): Count => countFiles(files.filter(({ key }) => kindOf(location, key) === kind));
  return { data: of('data'), manifests: of('manifests'), metadata: of('metadata'), other: of('other') };
}
