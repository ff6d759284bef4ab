import { OWNER_ANNOTATION } from '../resources/namespace';
import { isKnown } from '../snapshot/readiness';
import { MeshSnapshot } from '../snapshot/types';
import { normalizeOwnerRefs } from './entityRef';

/**
 * Which owners may show which namespaces. An entity's annotations are a claim; this is the proof, kept by
 * who runs the portal (configuration) or the cluster (annotation of the namespace).
 */
export interface NamespaceBinding {
  /** Namespaces that nobody is bound to are open to every entity. For demos and single-team clusters. */
  bindAll: boolean;
  /** Namespace to entity refs of its owners, in full or short form. */
  namespaces: Readonly<Record<string, readonly string[]>>;
}

/** Whether a namespace may be shown, and why. */
export type BindingVerdict =
  | { allowed: true; why: string }
  | { allowed: false; why: string; owners: string[] };

/** Whether an entity of this owner may show this namespace of this cluster. Fails closed. */
export function judgeBinding(options: {
  snapshot: MeshSnapshot;
  namespace: string;
  ownerRef?: string;
  binding: NamespaceBinding;
}): BindingVerdict {
  const { snapshot, namespace, ownerRef, binding } = options;
  const configured = Object.prototype.hasOwnProperty.call(
    binding.namespaces,
    namespace,
  )
    ? normalizeOwnerRefs(binding.namespaces[namespace])
    : [];
  if (ownerRef && configured.includes(ownerRef)) {
    return {
      allowed: true,
      why: `configuration binds ${namespace} to ${ownerRef}`,
    };
  }
  if (!isKnown(snapshot, 'Namespace')) {
    return {
      allowed: false,
      why: `the owner of namespace ${namespace} is unknown: namespaces of ${snapshot.cluster} could not be read`,
      owners: configured,
    };
  }
  const annotation = snapshot.get('Namespace', undefined, namespace)?.metadata
    .annotations?.[OWNER_ANNOTATION];
  const annotated = normalizeOwnerRefs((annotation ?? '').split(','));
  if (ownerRef && annotated.includes(ownerRef)) {
    return {
      allowed: true,
      why: `namespace annotation ${OWNER_ANNOTATION} names ${ownerRef}`,
    };
  }
  const owners = [...new Set([...configured, ...annotated])];
  // An annotation that names nobody readable still says that somebody claims the namespace.
  if (owners.length > 0 || (annotation ?? '').trim() !== '') {
    return {
      allowed: false,
      why: `namespace is bound to ${owners.join(', ') || 'another owner'}`,
      owners,
    };
  }
  return binding.bindAll
    ? { allowed: true, why: 'no one is bound to the namespace' }
    : {
        allowed: false,
        why: `namespace ${namespace} is bound to no owner`,
        owners,
      };
}
