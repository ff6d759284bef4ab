import type {
  RequestSample,
  TcpSample,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';

/** An observation of a whole cluster, split so that a component reads only what touches its namespace. */
export type PartitionedObservation = ReadonlyMap<string, TrafficObservation>;

const partitions = new WeakMap<TrafficObservation, PartitionedObservation>();

/**
 * The part of a cluster's traffic that touches a namespace: as client, as server or by the Service that was
 * addressed. Parts of one observation are the same objects at every call.
 */
export function partOf(
  observation: TrafficObservation,
  namespace: string,
): TrafficObservation {
  let parts = partitions.get(observation);
  if (!parts) {
    parts = partition(observation);
    partitions.set(observation, parts);
  }
  return parts.get(namespace) ?? emptyPart(observation);
}

const emptyParts = new WeakMap<TrafficObservation, TrafficObservation>();

/** No traffic in this namespace is an answer; an error stays one. */
function emptyPart(observation: TrafficObservation): TrafficObservation {
  let empty = emptyParts.get(observation);
  if (!empty) {
    empty = { ...observation, requests: [], tcp: [], latency: [] };
    emptyParts.set(observation, empty);
  }
  return empty;
}

function partition(observation: TrafficObservation): PartitionedObservation {
  const parts = new Map<string, TrafficObservation>();
  const part = (namespace: string) => {
    let found = parts.get(namespace);
    if (!found) {
      found = { ...observation, requests: [], tcp: [], latency: [] };
      parts.set(namespace, found);
    }
    return found;
  };
  for (const sample of observation.requests) {
    for (const namespace of namespacesOf(sample)) {
      part(namespace).requests.push(sample);
    }
  }
  for (const sample of observation.tcp) {
    for (const namespace of namespacesOf(sample)) {
      part(namespace).tcp.push(sample);
    }
  }
  for (const sample of observation.latency) {
    part(sample.namespace).latency.push(sample);
  }
  return parts;
}

function namespacesOf(sample: RequestSample | TcpSample): Set<string> {
  const namespaces = new Set<string>();
  for (const namespace of [
    sample.source.namespace,
    sample.destination.namespace,
    sample.destinationServiceNamespace,
  ]) {
    if (namespace) namespaces.add(namespace);
  }
  return namespaces;
}
