import type {
  KindName,
  KubeObject,
  ObjectMeta,
} from '@istio-backstage/plugin-istio-common';
import { isOfMesh } from './isOfMesh';

/** Kinds a change can edit: kept whole, `managedFields` too (who changed a field, and when). */
const KEPT_WHOLE: ReadonlySet<KindName> = new Set<KindName>([
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
]);

/** Kinds of which only what some resolution reads is kept. */
const SHRUNK: ReadonlySet<KindName> = new Set<KindName>([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
]);

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Fields = Record<string, unknown>;

/** Whether objects of the kind are kept only in part. */
export function isKeptInPart(kind: KindName): boolean {
  return SHRUNK.has(kind);
}

/**
 * The object without what only tools read: who owns which field, and the copy of the object that
 * `kubectl apply` keeps in an annotation.
 */
export function dropBookkeeping(object: KubeObject): KubeObject {
  return { ...object, metadata: keepMetadata(object.metadata) };
}

/**
 * Drops on the way in what no resolution reads: a Pod shrinks from about 10 kB to 1 kB, and environment
 * variables, arguments and mounts (which may hold secrets) never enter the cache.
 */
export function keepNeededFields(
  kind: KindName,
  object: KubeObject,
): KubeObject {
  if (KEPT_WHOLE.has(kind)) return object;
  const metadata = keepMetadata(object.metadata);
  switch (kind) {
    case 'Pod':
      return {
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata,
        spec: keepPodSpec(object.spec),
        status: keepPodStatus(object.status),
      };
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
      return {
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata,
        spec: keepWorkloadSpec(object.spec),
        status: pick(object.status, [
          'observedGeneration',
          'replicas',
          'readyReplicas',
          'availableReplicas',
          'updatedReplicas',
          'desiredNumberScheduled',
          'numberReady',
          'conditions',
        ]),
      };
    default:
      return {
        ...object,
        metadata: {
          ...metadata,
          ...(isOfMesh(kind)
            ? { managedFields: object.metadata.managedFields }
            : keepWriters(object.metadata)),
        },
      };
  }
}

/** Who wrote the object and when; which of its fields is only asked of the kinds kept whole. */
function keepWriters({ managedFields }: ObjectMeta): Partial<ObjectMeta> {
  return managedFields
    ? {
        managedFields: managedFields.map(
          ({ fieldsV1, fieldsType, ...writer }) => writer,
        ),
      }
    : {};
}

function keepMetadata(metadata: ObjectMeta): ObjectMeta {
  const { managedFields, annotations, ...rest } = metadata;
  if (!annotations) return rest;
  const { [LAST_APPLIED]: lastApplied, ...kept } = annotations;
  return Object.keys(kept).length > 0 ? { ...rest, annotations: kept } : rest;
}

function keepWorkloadSpec(spec: Fields | undefined): Fields {
  const template = fieldsOf(spec?.template);
  const templateMeta = fieldsOf(template?.metadata);
  return {
    ...pick(spec, ['replicas', 'selector']),
    template: {
      metadata: pick(templateMeta, ['labels', 'annotations']),
      spec: keepPodSpec(fieldsOf(template?.spec)),
    },
  };
}

function keepPodSpec(spec: Fields | undefined): Fields {
  return {
    ...pick(spec, ['serviceAccountName', 'hostNetwork', 'nodeName']),
    containers: keepContainers(spec?.containers),
    ...(Array.isArray(spec?.initContainers) && {
      initContainers: keepContainers(spec?.initContainers),
    }),
  };
}

function keepContainers(containers: unknown): Fields[] {
  if (!Array.isArray(containers)) return [];
  return containers.map(container => {
    const kept = pick(container, ['name', 'image', 'ports', 'restartPolicy']);
    // Arguments may hold secrets; those of the proxy tell a gateway from a sidecar.
    return kept.name === 'istio-proxy'
      ? { ...kept, ...pick(container, ['args']) }
      : { ...kept, ...keepProbePorts(container) };
  });
}

/** Where probes go; their headers and commands may hold secrets. */
function keepProbePorts(container: unknown): Fields {
  const kept: Fields = {};
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = fieldsOf(fieldsOf(container)?.[name]);
    for (const handler of ['httpGet', 'grpc']) {
      const target = fieldsOf(probe?.[handler]);
      if (target) kept[name] = { [handler]: pick(target, ['port']) };
    }
  }
  return kept;
}

function keepPodStatus(status: Fields | undefined): Fields {
  const conditions = Array.isArray(status?.conditions) ? status.conditions : [];
  return {
    ...pick(status, ['phase', 'reason', 'podIP']),
    conditions: conditions.map(condition =>
      pick(condition, ['type', 'status', 'reason']),
    ),
    ...keepStatuses(status, 'containerStatuses'),
    ...keepStatuses(status, 'initContainerStatuses'),
  };
}

function keepStatuses(status: Fields | undefined, field: string): Fields {
  const statuses = status?.[field];
  if (!Array.isArray(statuses)) return {};
  return {
    [field]: statuses.map(one =>
      pick(one, ['name', 'ready', 'restartCount', 'state', 'started']),
    ),
  };
}

function pick(from: unknown, names: string[]): Fields {
  const fields = fieldsOf(from);
  const kept: Fields = {};
  for (const name of names) {
    if (fields?.[name] !== undefined) kept[name] = fields[name];
  }
  return kept;
}

function fieldsOf(value: unknown): Fields | undefined {
  return value && typeof value === 'object' ? (value as Fields) : undefined;
}
