import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { PodInfo } from '../world/podInfo';
import type { WorldView } from '../world/WorldView';
import type {
  AuthorizationPolicySpec,
  AuthorizationRule,
  RuleOperation,
  RuleSource,
} from './istioTypes';
import { labelsContain } from './matchRequest';

/** A request as the server's proxy sees it. */
export interface ArrivingRequest {
  /** Only with mutual TLS. */
  principal?: string;
  namespace?: string;
  ip: string;
  port: number;
  /** Absent: bytes, of which the proxy reads nothing. */
  http?: { method: string; path: string; host: string };
}

/**
 * Whether the server's sidecar turns the request away: DENY before ALLOW, and with an ALLOW policy one of
 * them must match. Conditions (`when`) and tokens match nothing here; CUSTOM and AUDIT are not asked.
 */
export function isDenied(options: {
  world: WorldView;
  server: PodInfo;
  request: ArrivingRequest;
  rootNamespace: string;
}): boolean {
  const { server, request } = options;
  if (server.peer.mode !== 'sidecar') return false;
  const policies = policiesFor(options);
  const matching = (action: 'ALLOW' | 'DENY') =>
    policies.filter(spec => (spec.action ?? 'ALLOW') === action);
  const matches = (spec: AuthorizationPolicySpec) =>
    (spec.rules ?? []).some(rule => ruleMatches(rule, spec, request));
  if (matching('DENY').some(matches)) return true;
  const allows = matching('ALLOW');
  return allows.length > 0 && !allows.some(matches);
}

function policiesFor(options: {
  world: WorldView;
  server: PodInfo;
  rootNamespace: string;
}): AuthorizationPolicySpec[] {
  const { world, server, rootNamespace } = options;
  return world
    .list('AuthorizationPolicy')
    .filter(
      ({ metadata }) =>
        metadata.namespace === server.namespace ||
        metadata.namespace === rootNamespace,
    )
    .filter(object => !isTrial(object))
    .map(({ spec }) => (spec ?? {}) as AuthorizationPolicySpec)
    .filter(
      ({ selector, targetRef, targetRefs }) =>
        !targetRef &&
        !targetRefs?.length &&
        labelsContain(server.labels, selector?.matchLabels ?? {}),
    );
}

function isTrial({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['istio.io/dry-run'] === 'true';
}

function ruleMatches(
  rule: AuthorizationRule,
  { action }: AuthorizationPolicySpec,
  request: ArrivingRequest,
): boolean {
  if (rule.when?.length) return false;
  const sources = rule.from ?? [];
  const operations = rule.to ?? [];
  return (
    (sources.length === 0 ||
      sources.some(({ source }) => sourceMatches(source ?? {}, request))) &&
    (operations.length === 0 ||
      operations.some(({ operation }) =>
        operationMatches(operation ?? {}, action === 'DENY', request),
      ))
  );
}

function sourceMatches(source: RuleSource, request: ArrivingRequest): boolean {
  const { principal, namespace, ip } = request;
  return (
    !source.requestPrincipals &&
    holds(source.principals, source.notPrincipals, principal, textMatches) &&
    holds(source.namespaces, source.notNamespaces, namespace, textMatches) &&
    holds(source.ipBlocks, source.notIpBlocks, ip, blockContains)
  );
}

/** HTTP fields on bytes: an ALLOW rule falls away, a DENY rule keeps the rest of itself. */
function operationMatches(
  operation: RuleOperation,
  denies: boolean,
  { port, http }: ArrivingRequest,
): boolean {
  const { methods, notMethods, paths, notPaths, hosts, notHosts } = operation;
  const asksHttp = [methods, notMethods, paths, notPaths, hosts, notHosts].some(
    list => list !== undefined,
  );
  const byPort = holds(
    operation.ports,
    operation.notPorts,
    String(port),
    textMatches,
  );
  if (!http) return byPort && (denies || !asksHttp);
  return (
    byPort &&
    holds(methods, notMethods, http.method, textMatches) &&
    holds(paths, notPaths, http.path.split('?')[0], textMatches) &&
    holds(hosts, notHosts, http.host, textMatches)
  );
}

/** One value of the list, none of the other; a missing fact is in no list. */
function holds(
  list: string[] | undefined,
  not: string[] | undefined,
  fact: string | undefined,
  matches: (pattern: string, fact: string) => boolean,
): boolean {
  const isIn = (patterns: string[]) =>
    fact !== undefined && patterns.some(pattern => matches(pattern, fact));
  return (!list || isIn(list)) && (!not || !isIn(not));
}

function textMatches(pattern: string, fact: string): boolean {
  if (pattern === '*') return fact !== '';
  if (pattern.startsWith('*')) return fact.endsWith(pattern.slice(1));
  return pattern.endsWith('*')
    ? fact.startsWith(pattern.slice(0, -1))
    : fact === pattern;
}

const asNumber = (address: string) =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function blockContains(block: string, ip: string): boolean {
  const [base, bits = '32'] = block.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(asNumber(base) / size) === Math.floor(asNumber(ip) / size);
}
