import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import {
  readGatewayApiRoute,
  type BackendRef,
} from '../../../resources/httpRoute';
import type { KindName } from '../../../resources/kinds';
import type { KubeObject } from '../../../resources/types';

/** Kinds of routes that Istio serves. */
export const ROUTE_KINDS = [
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
] as const satisfies readonly KindName[];

/** A backend with where it is written. */
export interface PlacedBackend {
  backend: BackendRef;
  /** `spec.rules[0].backendRefs[1]` */
  path: string;
  /** Percent of the rule's requests. */
  share: number;
}

/** Backends that get a share of the requests of their rule. */
export function listBackends(route: KubeObject): PlacedBackend[] {
  return readGatewayApiRoute(route).rules.flatMap(({ fieldPath, backends }) => {
    const weights = backends.map(({ weight = 1 }) => weight);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return backends.flatMap((backend, index) =>
      weights[index] > 0
        ? [
            {
              backend,
              path: `spec.${fieldPath}.backendRefs[${index}]`,
              share: Math.round((100 * weights[index]) / total),
            },
          ]
        : [],
    );
  });
}

/** Whether the backend is a Service of Kubernetes; the group of a Service is empty. */
export function isService({ kind, fields }: BackendRef): boolean {
  return kind === 'Service' && (fields.group ?? '') === '';
}

/** What happens to requests that are sent to a backend that is not there. */
export function describeLoss(
  route: KubeObject,
  { share }: { share: number },
): string {
  const isHttp = route.kind === 'HTTPRoute' || route.kind === 'GRPCRoute';
  const part = share === 100 ? 'its requests' : `${share}% of the requests`;
  return isHttp
    ? `${part} are answered with 500`
    : `${share === 100 ? 'its' : `${share}% of the`} connections are closed`;
}

/** One part of a match list, in a form that is equal for equal meaning. */
export function describeMatches(route: KubeObject, rule: Fields): string[] {
  const matches = fieldsListOf(rule.matches);
  return (matches.length > 0 ? matches : [{}]).map(match =>
    JSON.stringify([
      route.kind === 'GRPCRoute'
        ? describeGrpcMethod(fieldsOf(match.method))
        : describePath(fieldsOf(match.path)),
      route.kind === 'GRPCRoute' ? '' : textOf(match.method) ?? '',
      describeNamed(match.headers, true),
      describeNamed(match.queryParams, false),
    ]),
  );
}

/** An omitted path is the prefix `/`; a prefix means the same with and without its last slash. */
function describePath(path: Fields): string[] {
  const type = textOf(path.type) ?? 'PathPrefix';
  const value = textOf(path.value) ?? '/';
  return [type, type === 'PathPrefix' ? value.replace(/(.)\/$/, '$1') : value];
}

function describeGrpcMethod(method: Fields): string[] {
  return [
    textOf(method.type) ?? 'Exact',
    textOf(method.service) ?? '',
    textOf(method.method) ?? '',
  ];
}

/** Names of headers know no case; of equal names only the first counts. */
function describeNamed(value: unknown, foldsCase: boolean): string[][] {
  const named = new Map<string, string[]>();
  for (const entry of fieldsListOf(value)) {
    const written = textOf(entry.name) ?? '';
    const name = foldsCase ? written.toLowerCase() : written;
    if (!named.has(name)) {
      named.set(name, [
        name,
        textOf(entry.type) ?? 'Exact',
        textOf(entry.value) ?? '',
      ]);
    }
  }
  return [...named.keys()].sort().flatMap(name => [named.get(name) ?? []]);
}

/** A parent as Gateway API names it, for messages: `Gateway edge/public`. */
export function describeParent(parent: Fields, routeNamespace: string): string {
  const namespace = textOf(parent.namespace) ?? routeNamespace;
  return `${textOf(parent.kind) ?? 'Gateway'} ${namespace}/${
    textOf(parent.name) ?? ''
  }`;
}

/** `spec.parentRefs`, as written. */
export function parentsOf(route: KubeObject): readonly Fields[] {
  return fieldsListOf(fieldsOf(route.spec).parentRefs);
}

/** Port numbers of a Service, or of a ServiceEntry. */
export function portNumbers(object: KubeObject): number[] {
  return fieldsListOf(fieldsOf(object.spec).ports).flatMap(
    port => numberOf(port.port) ?? numberOf(port.number) ?? [],
  );
}
