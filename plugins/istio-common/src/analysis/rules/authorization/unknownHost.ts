import { memoizeByIdentity } from '../../../resources/memoize';
import { perLists } from '../../../mesh/route/perLists';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import { readGateway } from '../../../resources/gateway';
import { hostSpecificity, isIpAddress } from '../../../resources/host';
import { readGatewayApiRoute } from '../../../resources/httpRoute';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import { readVirtualService } from '../../../resources/virtualService';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';
import { listValues } from './policyTerms';

const HOST_KINDS = [
  'Service',
  'ServiceEntry',
  'VirtualService',
  'Gateway',
  'KubernetesGateway',
  'HTTPRoute',
  'GRPCRoute',
] as const;

/** Names that somebody may have put into a Host header because the mesh knows them. */
const hostsOf = memoizeByIdentity((object: KubeObject): readonly string[] => {
  const { namespace = '', name } = object.metadata;
  switch (object.kind) {
    case 'Service':
      return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`];
    case 'ServiceEntry':
      return readServiceEntry(object).hosts;
    case 'VirtualService':
      return readVirtualService(object).hosts;
    case 'Gateway':
      return object.apiVersion.startsWith('networking.istio.io/')
        ? readGateway(object).servers.flatMap(({ hosts }) =>
            hosts.map(host => host.slice(host.indexOf('/') + 1)),
          )
        : fieldsListOf(fieldsOf(object.spec).listeners).map(
            ({ hostname }) => textOf(hostname) ?? '*',
          );
    default:
      return readGatewayApiRoute(object).hostnames;
  }
});

interface KnownHosts {
  exact: ReadonlySet<string>;
  wildcards: readonly string[];
}

const collectHosts = perLists((lists): KnownHosts => {
  const exact = new Set<string>();
  const wildcards = new Set<string>();
  for (const list of lists as readonly (readonly KubeObject[])[]) {
    for (const object of list) {
      for (const host of hostsOf(object)) {
        (host.startsWith('*') ? wildcards : exact).add(host.toLowerCase());
      }
    }
  }
  return { exact, wildcards: [...wildcards] };
});

function isKnownHost(snapshot: MeshSnapshot, written: string): boolean {
  const host = written.toLowerCase().replace(/:(\d+|\*)$/, '');
  if (host.includes('*') || host === 'localhost' || isIpAddress(host)) {
    return true;
  }
  const { exact, wildcards } = collectHosts(
    HOST_KINDS.map(kind => snapshot.list(kind)),
  );
  const suffix = `.${snapshot.domain}`;
  const short = host.endsWith(`.svc${suffix}`)
    ? host.slice(0, -suffix.length)
    : host;
  return (
    exact.has(host) ||
    exact.has(short) ||
    wildcards.some(pattern => hostSpecificity(pattern, host) !== undefined)
  );
}

export const policyUnknownHost: Rule = {
  code: 'ISB0617',
  name: 'authorization-policy-unknown-host',
  title: 'An authorization rule names a host that the mesh does not know',
  severity: 'info',
  explanation:
    'No Service, ServiceEntry, route or gateway has that host. Requests for it can only come from clients that know the name otherwise, so the rule will hardly ever match.',
  remedy: 'Correct the host, or remove it if the service is gone.',
  equivalents: ['KIA0104'],
  subjects: ['AuthorizationPolicy'],
  inputs: HOST_KINDS,
  reach: 'host',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    // The hosts of a gateway's policy are what the world calls it.
    const { targets } = readAuthorizationPolicy(subject);
    if (targets.some(({ kind }) => kind === 'Gateway')) return [];
    return listValues(subject, ['hosts', 'notHosts'])
      .filter(({ value }) => !isKnownHost(snapshot, value))
      .map(({ value, path }) => ({
        message: `No Service, ServiceEntry, route or gateway has the host ${value}.`,
        path,
      }));
  },
};
