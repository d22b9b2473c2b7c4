/** Something pinned that is fetched or built once into the cache. */
export type Package =
  | {
      readonly kind: 'maven';
      readonly name: string;
      /** `group:artifact:version[:type[:classifier]]`. */
      readonly artifacts: readonly string[];
      /** Without: these artifacts alone, not what they depend on. */
      readonly transitive: boolean;
      /** Folder below the package's own that the files go into, where an engine wants one. */
      readonly folder?: string;
      /** Unpack the artifacts (.tar.gz, .jar) in place. */
      readonly unpack?: boolean;
      /** Of a folder of the unpacked artifact, the entries to keep: a server brings plugins for engines that are not here. */
      readonly prune?: { readonly folder: string; readonly keep: readonly string[] };
    }
  | { readonly kind: 'pypi'; readonly name: string; readonly requirements: readonly string[] }
  | { readonly kind: 'npm'; readonly name: string }
  | { readonly kind: 'maven-build'; readonly name: string };

export const maven = (
  name: string,
  artifacts: readonly string[],
  options: {
    transitive?: boolean;
    folder?: string;
    unpack?: boolean;
    prune?: { folder: string; keep: readonly string[] };
  } = {},
): Package => ({ kind: 'maven', name, artifacts, transitive: true, ...options });

/** A virtual environment; the lock file locks/<name>.txt holds every version with its hashes. */
export const pypi = (name: string, requirements: readonly string[]): Package => ({ kind: 'pypi', name, requirements });

/** A folder of npm packages, locked by locks/<name>/package-lock.json. */
export const npm = (name: string): Package => ({ kind: 'npm', name });
