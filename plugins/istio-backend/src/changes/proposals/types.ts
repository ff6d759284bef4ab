/** Where the objects of an owner come from: one entry of `istio.git.sources`. */
export interface GitSource {
  name: string;
  /** Every condition that is given has to hold; of a list, any one of it. */
  argocdApplications?: string[];
  /** `namespace/name`, or the name alone. */
  fluxKustomizations?: string[];
  namespaces?: string[];
  labels?: Record<string, string>;
  clusters?: string[];
  repository: string;
  branch: string;
  /** Globs of the files that are looked through. */
  paths: string[];
  /** Of objects whose files name none. */
  namespace?: string;
  newFiles?: string;
}
