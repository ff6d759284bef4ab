import {
  findForeignOwner,
  type ForeignOwner,
  type ObjectMeta,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type { GitSource } from './types';

/** The source of an object, and who applies it. */
export interface SelectedSource {
  source: GitSource;
  /** "Argo CD application shop" */
  owner: string;
}

/**
 * The first source that all conditions fit. An object that Flagger, Rollouts or another controller
 * writes has none: what they set does not stand in Git.
 */
export function selectSource(
  operation: PlanOperation,
  sources: readonly GitSource[],
): SelectedSource | undefined {
  const metadata = (operation.before ?? operation.body)?.metadata as
    | ObjectMeta
    | undefined;
  if (!metadata) return undefined;
  const owner = findForeignOwner(metadata, operation.fieldManagers);
  if (owner && ['flagger', 'rollouts', 'controller'].includes(owner.tool)) {
    return undefined;
  }
  const source = sources.find(each =>
    fits(each, { operation, metadata, owner }),
  );
  return (
    source && { source, owner: owner?.owner ?? `Git source ${source.name}` }
  );
}

function fits(
  source: GitSource,
  object: {
    operation: PlanOperation;
    metadata: ObjectMeta;
    owner?: ForeignOwner;
  },
): boolean {
  const { metadata, owner, operation } = object;
  const { labels = {}, clusters, namespaces } = source;
  return (
    isOwnedBy(source, owner) &&
    (clusters?.includes(operation.object.cluster) ?? true) &&
    (namespaces?.includes(metadata.namespace ?? '') ?? true) &&
    Object.entries(labels).every(
      ([key, value]) => metadata.labels?.[key] === value,
    )
  );
}

function isOwnedBy(
  { argocdApplications, fluxKustomizations }: GitSource,
  owner: ForeignOwner | undefined,
): boolean {
  if (!argocdApplications && !fluxKustomizations) return true;
  const name = owner?.name ?? '';
  return (
    (owner?.tool === 'argocd' &&
      (argocdApplications?.includes(name) ?? false)) ||
    (owner?.tool === 'fluxKustomization' &&
      (fluxKustomizations?.some(
        each => each === name || each === name.slice(name.indexOf('/') + 1),
      ) ??
        false))
  );
}
