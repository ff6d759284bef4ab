import {
  hostSpecificity,
  isExportedTo,
  resolveHost,
  serviceHost,
} from '../../resources/host';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { apiVersionOf } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import { isEmptySelector } from '../../resources/selector';
import { readService } from '../../resources/service';
import type { KubeObject } from '../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../resources/virtualService';
import type { MeshSnapshot } from '../../snapshot/types';
import type { CompileProblem, CompileResult } from '../types';
import { findVersions, type ServiceVersion } from './findVersions';
import { MANAGED_BY, planSubsets } from './planSubsets';
import { resolveWeights } from './resolveWeights';
import type { ShiftTrafficParams } from './schema';
import { titleOfFirstSplit } from './title';
import { toPercents } from './weights';

/** Protocols whose requests an HTTP route of a VirtualService can split; `auto` is sniffed. */
const HTTP_PROTOCOLS = ['http', 'http2', 'grpc', 'grpc-web', 'auto'];

/**
 * The first split of a Service: a VirtualService of its name and, where the host has none yet, a
 * DestinationRule with one subset per version found on the workloads behind it.
 */
export function createRoute(options: {
  params: ShiftTrafficParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const service = { namespace: params.namespace, name: params.service };
  const problem =
    checkService(snapshot, service) ?? checkUnrouted(snapshot, service);
  if (problem) {
    return { ok: false, problems: [problem] };
  }
  const versions = findVersions(snapshot, service);
  if (versions.length === 0) {
    return refuse(
      `${snapshot.cluster}: no label tells versions apart among the workloads behind Service ${service.namespace}/${service.name}; give their pod templates a label "version"`,
    );
  }
  const weights = resolveWeights({
    requested: params.weights,
    present: versions.map(({ key, podsReady }) => ({
      key,
      counted: podsReady,
    })),
    addable: [],
    where: `Service ${service.namespace}/${service.name}`,
  });
  if ('problems' in weights) {
    return { ok: false, problems: weights.problems };
  }
  const subsets = planSubsets({ snapshot, service }, versions);
  if ('problem' in subsets) {
    return { ok: false, problems: [subsets.problem] };
  }
  return {
    ok: true,
    desired: [
      ...(subsets.desired ? [subsets.desired] : []),
      buildVirtualService({
        service,
        host: serviceHost(service, snapshot.domain),
        weights: weights.after,
      }),
    ],
    removed: [],
    keptAsIs: [],
    title: titleOfFirstSplit(weights.after),
    shares: { before: shareOfPods(versions), after: weights.after },
  };
}

function refuse(message: string, field = 'service'): CompileResult {
  return { ok: false, problems: [{ field, message }] };
}

/** Without a route the mesh spreads requests over the ready pods alike. */
function shareOfPods(versions: ServiceVersion[]) {
  const percents = toPercents(versions.map(({ podsReady }) => podsReady));
  return versions.map(({ key }, index) => ({ key, percent: percents[index] }));
}

function buildVirtualService(options: {
  service: { namespace: string; name: string };
  host: string;
  weights: { key: string; percent: number }[];
}): KubeObject {
  const { service, host, weights } = options;
  return {
    apiVersion: apiVersionOf('VirtualService'),
    kind: 'VirtualService',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      labels: { ...MANAGED_BY },
    },
    spec: {
      hosts: [host],
      http: [
        {
          route: weights.map(({ key, percent }) => ({
            destination: { host, subset: key },
            weight: percent,
          })),
        },
      ],
    },
  };
}

function checkService(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): CompileProblem | undefined {
  const object = snapshot.get('Service', service.namespace, service.name);
  const where = `${snapshot.cluster}: Service ${service.namespace}/${service.name}`;
  if (!object) {
    return { field: 'service', message: `${where} does not exist` };
  }
  const { externalName, selector, ports } = readService(object);
  if (externalName !== undefined || isEmptySelector(selector)) {
    return {
      field: 'service',
      message: `${where} selects no pods, so it has no versions to split between`,
    };
  }
  return ports.some(({ protocol }) => HTTP_PROTOCOLS.includes(protocol))
    ? undefined
    : {
        field: 'service',
        message: `${where} has no HTTP port (${ports
          .map(({ port, protocol }) => `${port} is ${protocol}`)
          .join(', ')}); this form splits HTTP requests`,
      };
}

/** A second VirtualService for a host is not merged with the first, one of the two would be ignored. */
function checkUnrouted(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): CompileProblem | undefined {
  const host = serviceHost(service, snapshot.domain);
  const present =
    snapshot
      .list('VirtualService')
      .find(object => routesInMesh({ object, snapshot, service, host })) ??
    (['HTTPRoute', 'GRPCRoute'] as const)
      .flatMap(kind => snapshot.list(kind))
      .find(object => hangsOnService(object, service));
  if (present) {
    return {
      field: 'route',
      message: `${snapshot.cluster}: ${describeObject(
        present,
      )} routes ${host} already; name one of its rules as route`,
    };
  }
  const taken = snapshot.get('VirtualService', service.namespace, service.name);
  return (
    taken && {
      field: 'service',
      message: `${snapshot.cluster}: ${describeObject(
        taken,
      )} has the name the new VirtualService needs, and routes other hosts`,
    }
  );
}

function routesInMesh(options: {
  object: KubeObject;
  snapshot: MeshSnapshot;
  service: { namespace: string };
  host: string;
}): boolean {
  const { object, snapshot, service, host } = options;
  const { hosts, gateways, exportTo } = readVirtualService(object);
  const namespace = object.metadata.namespace ?? '';
  return (
    gateways.includes(MESH_GATEWAY) &&
    isExportedTo(exportTo, { from: namespace, to: service.namespace }) &&
    hosts.some(
      each =>
        hostSpecificity(
          resolveHost(each, { namespace, domain: snapshot.domain }),
          host,
        ) !== undefined,
    )
  );
}

function hangsOnService(
  route: KubeObject,
  service: { namespace: string; name: string },
): boolean {
  return readGatewayApiRoute(route).parents.some(
    ({ kind, namespace, name }) =>
      kind === 'Service' &&
      namespace === service.namespace &&
      name === service.name,
  );
}
