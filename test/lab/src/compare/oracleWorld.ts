import { dump } from 'js-yaml';
import type { KubeObject } from '../kubernetes/types';

/** What the oracle is given of an object: nothing that only a live API server knows or cares for. */
function simplify(object: KubeObject): object {
  const { apiVersion, kind, metadata, spec, status } = object as KubeObject & {
    spec?: PodSpec;
    status?: { podIP?: string };
  };
  const { name, namespace, labels, annotations, creationTimestamp } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations, creationTimestamp },
    ...(kind === 'Pod'
      ? { spec: simplifyPod(spec), status: { podIP: status?.podIP } }
      : kind !== 'Namespace' && { spec }),
  };
}

interface PodSpec {
  serviceAccountName?: string;
  containers?: { name: string; image: string; ports?: object[] }[];
}

function simplifyPod(spec: PodSpec = {}): object {
  return {
    serviceAccountName: spec.serviceAccountName,
    containers: spec.containers?.map(({ name, image, ports }) => ({
      name,
      image,
      ports,
    })),
  };
}

/** The world of a case as the oracle reads it: the same objects that the lab's API server holds. */
export function buildOracleYaml(objects: readonly KubeObject[]): string {
  // A Service of the case's own is read back with the base's.
  const unique = new Map(
    objects.map(object => [
      `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`,
      object,
    ]),
  );
  return [...unique.values()]
    .map(object => dump(simplify(object), { skipInvalid: true, noRefs: true }))
    .join('---\n');
}
