import { Fields, fieldsOf, textOf } from '../../resources/fields';
import { readMeshSecurity } from '../../resources/meshConfig';
import { Labels } from '../../resources/selector';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import {
  ConsolidatedRule,
  findDestinationRule,
} from '../route/destinationRules';
import { MeshService } from '../route/serviceModel';
import { ClientPolicy, readClientPolicy } from './clientTlsBlock';
import { resolvePeerMode } from './resolvePeerMode';
import { ClientSends } from './types';

/** What a client's proxy sends to a service. */
export interface ClientTls {
  /** To every endpoint; `perEndpoint`: mTLS to each endpoint that takes it, plaintext to the others. */
  sends: ClientSends | 'perEndpoint';
  decidedBy: DecidedBy;
  /** Whether an endpoint takes mTLS, where it is decided per endpoint. */
  takesMtls(endpoint: Endpoint): boolean;
  /** Labels of the pods that a subset is for. */
  subset?: Labels;
}

/** What tells an endpoint's side. */
export interface Endpoint {
  namespace: string;
  labels: Labels;
  port: number;
}

/** Set by the injector on pods whose proxy takes Istio's mTLS. */
export const TLS_MODE = 'security.istio.io/tlsMode';

/**
 * A DestinationRule's TLS settings as they are; without, automatic mTLS: to endpoints with a proxy whose
 * port does not disable it, unless the service is outside the mesh or its namespace disables mTLS.
 * `undefined`: the subset does not exist, so neither does a way to call it.
 *
 * Source: istio/istio pilot/pkg/networking/core cluster_tls.go, pilot/pkg/model
 * BestEffortInferServiceMTLSMode, pilot/pkg/xds/endpoints mtls_checker.go (1.31).
 */
export function resolveClientTls(options: {
  snapshot: MeshSnapshot;
  client: { namespace: string; labels: Labels };
  service: MeshService;
  /** Of the service. */
  port: number;
  subset?: string;
  endpoints: readonly Endpoint[];
}): ClientTls | undefined {
  const { snapshot, client, service, port, subset: name } = options;
  const rule = findDestinationRule({ snapshot, client, service });
  const subset = rule?.subsets.find(each => each.name === name);
  if (name !== undefined && !subset) {
    return undefined;
  }
  const policy = rule && readClientPolicy(rule, { port, subset });
  const tls =
    rule && policy?.tls
      ? fromRule(snapshot, { policy, rule })
      : automatic({ ...options, policy });
  return subset ? { ...tls, subset: subset.labels } : tls;
}

function fromRule(
  snapshot: MeshSnapshot,
  of: {
    policy: ClientPolicy;
    rule: ConsolidatedRule;
  },
): ClientTls {
  const { tls } = of.policy;
  const fields: Fields = tls?.fields ?? {};
  const decidedBy: DecidedBy = tls
    ? {
        by: 'object',
        object: snapshot.refOf(tls.object),
        fieldPath: `${tls.fieldPath}.mode`,
      }
    : { by: 'nothing', note: '' };
  return {
    sends: sentBy(fields, of.rule.workloadSelector !== undefined),
    decidedBy,
    takesMtls: () => false,
  };
}

/** A certificate from a Secret reaches sidecars only by a rule that selects its clients; without, no TLS. */
function sentBy(tls: Fields, forSelected: boolean): ClientSends {
  const secret = textOf(tls.credentialName);
  const unusable =
    secret !== undefined && !secret.startsWith('configmap://') && !forSelected;
  switch (tls.mode) {
    case 'SIMPLE':
      return unusable ? 'plaintext' : 'tls';
    case 'MUTUAL':
      return unusable || !(secret ?? (tls.clientCertificate && tls.privateKey))
        ? 'plaintext'
        : 'mutualTLS';
    case 'ISTIO_MUTUAL':
      return 'mtls';
    default:
      // DISABLE is the zero value of Istio's enum.
      return 'plaintext';
  }
}

function automatic(options: {
  snapshot: MeshSnapshot;
  service: MeshService;
  policy?: ClientPolicy;
  endpoints: readonly Endpoint[];
}): ClientTls {
  const { snapshot, service, policy } = options;
  const off = whyNotAutomatic(options);
  if (off) {
    return { sends: 'plaintext', decidedBy: off, takesMtls: () => false };
  }
  const direct =
    service.resolution === 'passthrough' || policy?.passthrough === true;
  return {
    sends: direct ? 'mtls' : 'perEndpoint',
    decidedBy: {
      by: 'istioDefault',
      note: 'automatic mTLS, because no DestinationRule sets TLS',
    },
    takesMtls: endpoint => takesMtls(snapshot, endpoint, policy),
  };
}

function whyNotAutomatic(options: {
  snapshot: MeshSnapshot;
  service: MeshService;
  policy?: ClientPolicy;
  endpoints: readonly Endpoint[];
}): DecidedBy | undefined {
  const { snapshot, service, policy, endpoints } = options;
  if (isOutside(service)) {
    return {
      by: 'object',
      object: snapshot.refOf(service.object),
      fieldPath:
        service.registry === 'external' ? 'spec.location' : 'spec.externalName',
    };
  }
  if (!readMeshSecurity(snapshot.meshConfig).autoMtls) {
    return { by: 'meshConfig', fieldPath: 'enableAutoMtls' };
  }
  const direct =
    service.resolution === 'passthrough' || policy?.inferPassthrough === true;
  if (
    direct &&
    (endpoints.length === 0 ||
      endpoints.some(
        ({ labels }) => (labels[TLS_MODE] ?? 'disabled') === 'disabled',
      ))
  ) {
    return {
      by: 'istioDefault',
      note: 'connections go to the address that was dialled, and not all endpoints have a proxy',
    };
  }
  const { inherited } = resolvePeerMode({
    snapshot,
    namespace: service.namespace,
    labels: {},
    port: 0,
  });
  return inherited.mode === 'DISABLE' ? inherited.decidedBy : undefined;
}

/** MESH_EXTERNAL is the zero value of a ServiceEntry's location. */
function isOutside({ registry, aliasOf, object }: MeshService): boolean {
  return registry === 'external'
    ? fieldsOf(object.spec).location !== 'MESH_INTERNAL'
    : aliasOf !== undefined;
}

function takesMtls(
  snapshot: MeshSnapshot,
  endpoint: Endpoint,
  policy: ClientPolicy | undefined,
): boolean {
  if (endpoint.labels[TLS_MODE] !== 'istio') {
    return false;
  }
  return policy?.endpointTls
    ? policy.endpointTls.fields.mode === 'ISTIO_MUTUAL'
    : resolvePeerMode({ snapshot, ...endpoint }).ported.mode !== 'DISABLE';
}
