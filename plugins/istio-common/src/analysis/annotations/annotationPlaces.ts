import { fieldsOf, labelsOf } from '../../resources/fields';
import type { KindName } from '../../resources/kinds';
import type { Labels } from '../../resources/selector';
import type { KubeObject } from '../../resources/types';
import { isForIstio } from './knownAnnotations';

/** Kinds whose annotations Istio's own analyzers read, and the workloads beside Deployment. */
export const ANNOTATED_KINDS = [
  'Namespace',
  'Service',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
] as const satisfies readonly KindName[];

/** One Istio annotation of an object or of the pods it makes. */
export interface WrittenAnnotation {
  name: string;
  value: string;
  /** Kind of what it stands on: `Pod` for those of a template. */
  on: string;
  /** Labels beside it. */
  labels: Labels;
  /** `spec.template.metadata.annotations` */
  path: string;
  /** The same as a JSON pointer. */
  pointer: string;
}

const CONTROLLERS = ['ReplicaSet', 'StatefulSet', 'DaemonSet'];

const NONE: WrittenAnnotation[] = [];

/**
 * The Istio annotations that a person wrote. Pods of a controller are left out: what they carry stands
 * on the template, and is told once there.
 */
export function listAnnotations(object: KubeObject): WrittenAnnotation[] {
  const { metadata, spec, kind } = object;
  const template = fieldsOf(fieldsOf(fieldsOf(spec).template).metadata);
  // Most objects of a mesh carry none, and every rule about annotations asks each of them.
  if (!metadata.annotations && !template.annotations) return NONE;
  const isMade = metadata.ownerReferences?.some(
    owner => owner.controller && CONTROLLERS.includes(owner.kind),
  );
  const { annotations, labels } = metadata;
  return [
    ...(isMade ? NONE : readPlace(kind, 'metadata', { annotations, labels })),
    ...readPlace('Pod', 'spec.template.metadata', template),
  ];
}

function readPlace(
  on: string,
  place: string,
  metadata: { annotations?: unknown; labels?: unknown },
): WrittenAnnotation[] {
  const labels = labelsOf(metadata.labels);
  const path = `${place}.annotations`;
  const pointer = `/${path.replaceAll('.', '/')}`;
  return Object.entries(labelsOf(metadata.annotations))
    .filter(([name]) => isForIstio(name))
    .map(([name, value]) => ({ name, value, on, labels, path, pointer }));
}

/** A key in a JSON pointer. Source: RFC 6901. */
export function pointerTo(parent: string, key: string): string {
  return `${parent}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
