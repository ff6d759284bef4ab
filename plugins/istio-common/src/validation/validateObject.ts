import { type KindName, kindNameOf } from '../resources/kinds';
import { memoizeByIdentity } from '../resources/memoize';
import type { KubeObject } from '../resources/types';
import { Field, Report } from './Field';
import { validateAuthorizationPolicy } from './kinds/authorizationPolicy';
import { validateDestinationRule } from './kinds/destinationRule';
import { validateEnvoyFilter } from './kinds/envoyFilter';
import { validateGateway } from './kinds/gateway';
import { validatePeerAuthentication } from './kinds/peerAuthentication';
import { validateProxyConfig } from './kinds/proxyConfig';
import { validateRequestAuthentication } from './kinds/requestAuthentication';
import { validateServiceEntry } from './kinds/serviceEntry';
import { validateSidecar } from './kinds/sidecar';
import { validateTelemetry } from './kinds/telemetry';
import { validateTrafficExtension } from './kinds/trafficExtension';
import { validateVirtualService } from './kinds/virtualService';
import { validateWasmPlugin } from './kinds/wasmPlugin';
import { validateWorkloadEntry } from './kinds/workloadEntry';
import { validateWorkloadGroup } from './kinds/workloadGroup';
import type { KindValidator, ObjectValidation, ValidatedObject } from './types';
import { validateBySchema } from './validateBySchema';

/** One line per kind that istiod's webhook judges. */
const VALIDATORS: Partial<Record<KindName, KindValidator>> = {
  VirtualService: validateVirtualService,
  DestinationRule: validateDestinationRule,
  Gateway: validateGateway,
  ServiceEntry: validateServiceEntry,
  Sidecar: validateSidecar,
  PeerAuthentication: validatePeerAuthentication,
  AuthorizationPolicy: validateAuthorizationPolicy,
  RequestAuthentication: validateRequestAuthentication,
  WorkloadEntry: validateWorkloadEntry,
  WorkloadGroup: validateWorkloadGroup,
  EnvoyFilter: validateEnvoyFilter,
  ProxyConfig: validateProxyConfig,
  Telemetry: validateTelemetry,
  WasmPlugin: validateWasmPlugin,
  TrafficExtension: validateTrafficExtension,
};

/** The kinds that istiod's webhook judges. */
export const WEBHOOK_KINDS = Object.keys(VALIDATORS) as readonly KindName[];

/** Annotations that only Istio itself may set. Source: validateMetadata. */
const INTERNAL_ANNOTATIONS = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parent-namespace',
  'internal.istio.io/parents',
];

/** Several rules ask about one object, and about unchanged ones again and again. */
const judge = memoizeByIdentity(judgeObject);

/**
 * What the cluster would refuse (`errors`) or warn of. Istio's kinds by the rules of istiod's validating webhook;
 * their CRDs' schemas and CEL rules are not part of it. Gateway API's by its CRDs, since no webhook judges them:
 * schema, CEL rules, fields that would be dropped. Unreachable rules, which the webhook warns of too, are told
 * by the traffic views instead.
 *
 * Source: istio/istio 1.31 pkg/config/validation; Gateway API 1.6 config/crd/standard.
 *
 * @public
 */
export function validateObject(object: KubeObject): ObjectValidation {
  return judge(object);
}

function judgeObject(object: KubeObject): ObjectValidation {
  const kind = kindNameOf(object);
  const validate = kind && VALIDATORS[kind];
  if (!validate) {
    return (
      validateBySchema(object) ?? { judged: false, errors: [], warnings: [] }
    );
  }
  const report = new Report();
  const subject: ValidatedObject = {
    name: object.metadata.name ?? '',
    namespace: object.metadata.namespace ?? '',
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    metadata: new Field(object.metadata, 'metadata', report),
    spec: new Field(object.spec ?? {}, 'spec', report),
  };
  checkAnnotations(subject, kind === 'AuthorizationPolicy');
  validate(subject);
  return {
    judged: true,
    judge: 'istiod',
    errors: report.errors,
    warnings: report.warnings,
  };
}

const BOOLEAN = /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

function checkAnnotations(object: ValidatedObject, isPolicy: boolean): void {
  const field = object.metadata.at('annotations');
  for (const name of INTERNAL_ANNOTATIONS) {
    if (Object.hasOwn(object.annotations, name)) {
      field.error(`${name} is for Istio itself`);
    }
  }
  const dryRun = object.annotations['istio.io/dry-run'];
  if (dryRun === undefined) {
    return;
  }
  const action = object.spec.at('action').text();
  if (!isPolicy) {
    field.error('istio.io/dry-run is for AuthorizationPolicy only');
  } else if (!['', 'ALLOW', 'DENY'].includes(action)) {
    field.error('istio.io/dry-run is for the actions ALLOW and DENY only');
  } else if (!BOOLEAN.test(dryRun)) {
    field.error('istio.io/dry-run must be true or false');
  }
}
