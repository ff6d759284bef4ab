import { type CelVariable, isListed, namesVariable } from './hostExpressions';

/** What is held to in one kind of object. */
export interface AdmissionRule {
  /** `virtualservices` */
  resource: string;
  group: string;
  variables: CelVariable[];
  validations: { expression: string; message: string }[];
}

const parentsOf = (spec: string) =>
  `(has(${spec}.parentRefs) ? ${spec}.parentRefs : [])`;

const NAMESPACE = '(has(p.namespace) ? p.namespace : request.namespace)';

/** What the route hangs on besides Services, as texts. */
const othersOf = (spec: string) =>
  `${parentsOf(
    spec,
  )}.filter(p, !has(p.kind) || p.kind != 'Service').map(p, (has(p.kind) ? p.kind : 'Gateway') + ' ' + ${NAMESPACE} + '/' + p.name)`;

const HOSTNAMES: readonly CelVariable[] = [
  namesVariable(
    'hosts',
    'has(object.spec.hostnames) ? object.spec.hostnames : []',
  ),
  namesVariable(
    'known',
    'oldObject != null && has(oldObject.spec) && has(oldObject.spec.hostnames) ? oldObject.spec.hostnames : []',
  ),
];

const HELD_HOSTNAMES = {
  expression: `variables.hosts.all(h, h in variables.known || ${isListed(
    'h',
    'published',
  )})`,
  message: "every hostname must be on the owner's list of gateway hosts",
};

/** On a Service the route takes the Service's requests, on a Gateway those for its hostnames. */
export function gatewayApiRoutes(resource: string): AdmissionRule {
  const hasNames = resource !== 'tcproutes';
  const held = hasNames
    ? `size(variables.hosts) > 0 && variables.hosts.all(h, ${isListed(
        'h',
        'published',
      )})`
    : 'false';
  return {
    resource,
    group: 'gateway.networking.k8s.io',
    variables: [
      ...(hasNames ? HOSTNAMES : []),
      {
        name: 'knownParents',
        expression: `oldObject != null && has(oldObject.spec) ? ${othersOf(
          'oldObject.spec',
        )} : []`,
      },
    ],
    validations: [
      {
        expression: `${parentsOf(
          'object.spec',
        )}.all(p, !has(p.kind) || p.kind != 'Service' || ${NAMESPACE} in variables.owned)`,
        message:
          "every Service it is attached to must be of the namespace's owner",
      },
      {
        expression: `${othersOf(
          'object.spec',
        )}.all(p, p in variables.knownParents || (p.startsWith('Gateway ') && ${held}))`,
        message:
          "on a Gateway every hostname must be on the owner's list of gateway hosts, and there must be one",
      },
      ...(hasNames ? [HELD_HOSTNAMES] : []),
    ],
  };
}
