import {
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  labelsOf,
  numberOf,
  textOf,
  timeOf,
} from '../../resources/fields';
import { compareByAge, compareText } from '../../resources/objectKey';
import { Labels, matchesLabels } from '../../resources/selector';
import { readService, resolveProtocol } from '../../resources/service';
import { readServiceEntry } from '../../resources/serviceEntry';
import { DecidedBy, KubeObject } from '../../resources/types';
import { readWorkload, WorkloadView } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** How a sidecar treats connections to a port: as declared, or as it finds them (`auto`). */
export interface InboundPort {
  protocol: 'http' | 'tcp' | 'auto';
  decidedBy: DecidedBy;
}

interface Target {
  protocol: string;
  object: KubeObject;
  fieldPath: string;
}

/**
 * The protocol a sidecar takes a container port for: of the oldest Service that targets it, or of the
 * Sidecar's ingress where there is one. A port that nothing declares is detected.
 *
 * Source: istio/istio pilot/pkg/networking/core buildInboundChainConfigs.
 */
export function resolveInboundPort(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadKey;
  port: number;
}): InboundPort {
  const { snapshot, workload, port } = options;
  const object = snapshot.workload(workload);
  const view = object && readWorkload(object);
  const target = view && findTarget(snapshot, { workload, view, port });
  if (!target) {
    return {
      protocol: 'auto',
      decidedBy: {
        by: 'istioDefault',
        note: `no Service declares port ${port}, so its protocol is detected`,
      },
    };
  }
  return {
    protocol: listenerProtocol(target.protocol),
    decidedBy: {
      by: 'object',
      object: snapshot.refOf(target.object),
      fieldPath: target.fieldPath,
    },
  };
}

function findTarget(
  snapshot: MeshSnapshot,
  of: { workload: WorkloadKey; view: WorkloadView; port: number },
): Target | undefined {
  const ingress = findIngress(snapshot, of.workload.namespace, of.view.labels);
  if (ingress) {
    return ingress.listeners.flatMap((listener, index) => {
      const declared = fieldsOf(listener.port);
      return numberOf(declared.number) === of.port
        ? [
            {
              protocol: (textOf(declared.protocol) ?? '').toLowerCase(),
              object: ingress.object,
              fieldPath: `spec.ingress[${index}].port.protocol`,
            },
          ]
        : [];
    })[0];
  }
  const objects = [
    ...snapshot.servicesOf(of.workload),
    ...entriesOf(snapshot, of.workload.namespace, of.view.labels),
  ].sort(compareRegistryAge);
  for (const object of objects) {
    const target =
      object.kind === 'Service'
        ? findServicePort(object, of.view, of.port)
        : findEntryPort(object, of.port);
    if (target) {
      return target;
    }
  }
  return undefined;
}

/** Istio's order of services: creation time, then host name; of hosts `a-b.ns` is before `a.ns`. */
function compareRegistryAge(a: KubeObject, b: KubeObject): number {
  const age = ({ metadata }: KubeObject) =>
    timeOf(metadata.creationTimestamp) ?? Infinity;
  const host = (object: KubeObject) =>
    object.kind === 'Service'
      ? `${object.metadata.name}.`
      : readServiceEntry(object).hosts[0] ?? '';
  return age(a) === age(b) ? compareText(host(a), host(b)) : age(a) - age(b);
}

function entriesOf(
  snapshot: MeshSnapshot,
  namespace: string,
  labels: Labels,
): KubeObject[] {
  return snapshot.inNamespace('ServiceEntry', namespace).filter(entry => {
    const { workloadSelector } = readServiceEntry(entry);
    return workloadSelector && matchesLabels(workloadSelector, labels);
  });
}

function findServicePort(
  service: KubeObject,
  workload: WorkloadView,
  port: number,
): Target | undefined {
  const { ports } = readService(service);
  const index = ports.findIndex(({ targetPort }) =>
    typeof targetPort === 'number'
      ? targetPort === port
      : workload.ports.find(({ name }) => name === targetPort)?.port === port,
  );
  return index < 0
    ? undefined
    : {
        protocol: ports[index].protocol,
        object: service,
        fieldPath: `spec.ports[${index}]`,
      };
}

function findEntryPort(entry: KubeObject, port: number): Target | undefined {
  const ports: readonly Fields[] = fieldsListOf(fieldsOf(entry.spec).ports);
  const index = ports.findIndex(
    declared =>
      (numberOf(declared.targetPort) ?? numberOf(declared.number)) === port,
  );
  return index < 0
    ? undefined
    : {
        protocol: resolveProtocol({
          port: 0,
          name: textOf(ports[index].protocol) ?? '',
        }),
        object: entry,
        fieldPath: `spec.ports[${index}].protocol`,
      };
}

/** The Sidecar in force for the workload, if it has ingress listeners: then Services declare nothing. */
function findIngress(
  snapshot: MeshSnapshot,
  namespace: string,
  labels: Labels,
): { object: KubeObject; listeners: readonly Fields[] } | undefined {
  const selects = (sidecar: KubeObject) =>
    isFields(fieldsOf(sidecar.spec).workloadSelector);
  const [object] = snapshot
    .inNamespace('Sidecar', namespace)
    .filter(sidecar =>
      matchesLabels(
        labelsOf(fieldsOf(fieldsOf(sidecar.spec).workloadSelector).labels),
        labels,
      ),
    )
    .sort(
      (a, b) => Number(selects(b)) - Number(selects(a)) || compareByAge(a, b),
    );
  const listeners = object && fieldsListOf(fieldsOf(object.spec).ingress);
  return listeners && listeners.length > 0 ? { object, listeners } : undefined;
}

/** Source: istio/istio pilot/pkg/networking ModelProtocolToListenerProtocol. */
function listenerProtocol(protocol: string): InboundPort['protocol'] {
  switch (protocol) {
    case 'http':
    case 'http2':
    case 'http_proxy':
    case 'grpc':
    case 'grpc-web':
      return 'http';
    case 'tcp':
    case 'https':
    case 'tls':
    case 'mongo':
    case 'redis':
    case 'mysql':
    case 'udp':
      return 'tcp';
    default:
      return 'auto';
  }
}
