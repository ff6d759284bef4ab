import { timeOf } from './fields';
import type { KubeObject } from './types';

/** Who writes an object, as the object itself says; none of it is proven. */
export interface ManagementFact {
  /** `Argo CD application shop`, `kubectl-edit`. */
  who: string;
  /** Where the object says so: `label argocd.argoproj.io/instance`. */
  from: string;
  /** ISO time of its last write, where known. */
  at?: string;
}

interface Mark {
  in: 'label' | 'annotation';
  key: string;
  /** Stands before the value. */
  who: string;
}

/** What the usual tools leave on the objects they own. */
const MARKS: readonly Mark[] = [
  {
    in: 'annotation',
    key: 'argocd.argoproj.io/tracking-id',
    who: 'Argo CD application',
  },
  {
    in: 'label',
    key: 'argocd.argoproj.io/instance',
    who: 'Argo CD application',
  },
  {
    in: 'label',
    key: 'kustomize.toolkit.fluxcd.io/name',
    who: 'Flux Kustomization',
  },
  {
    in: 'label',
    key: 'helm.toolkit.fluxcd.io/name',
    who: 'Flux HelmRelease',
  },
  { in: 'annotation', key: 'meta.helm.sh/release-name', who: 'Helm release' },
  { in: 'label', key: 'app.kubernetes.io/managed-by', who: '' },
  {
    in: 'annotation',
    key: 'istio-portal.dev/changed-by',
    who: 'This portal for',
  },
];

/**
 * Who manages the object: marks of the usual tools, its owner, and the clients that wrote its fields
 * with the time of their last write, newest first. Writes of the status do not count.
 */
export function describeManagement(object: KubeObject): ManagementFact[] {
  const owner = object.metadata.ownerReferences?.find(ref => ref.controller);
  return [
    ...MARKS.flatMap(mark => readMark(mark, object)),
    ...(owner
      ? [{ who: `${owner.kind} ${owner.name}`, from: 'owner reference' }]
      : []),
    ...lastWrites(object),
  ];
}

function readMark(mark: Mark, { metadata }: KubeObject): ManagementFact[] {
  const { labels, annotations } = metadata;
  const value = (mark.in === 'label' ? labels : annotations)?.[mark.key];
  if (!value) return [];
  // Argo CD's tracking id goes on with the object it belongs to.
  const [name] = value.split(mark.who.startsWith('Argo') ? ':' : '\n');
  return [
    { who: `${mark.who} ${name}`.trim(), from: `${mark.in} ${mark.key}` },
  ];
}

function lastWrites(object: KubeObject): ManagementFact[] {
  const newest = new Map<string, number>();
  for (const entry of object.metadata.managedFields ?? []) {
    if (!entry.manager || entry.subresource) continue;
    const at = timeOf(entry.time) ?? 0;
    newest.set(entry.manager, Math.max(at, newest.get(entry.manager) ?? 0));
  }
  return [...newest]
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .map(([who, at]) => ({
      who,
      from: 'managed fields',
      ...(at > 0 && { at: new Date(at).toISOString() }),
    }));
}
