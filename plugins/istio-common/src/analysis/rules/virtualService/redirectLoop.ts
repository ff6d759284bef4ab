import {
  fieldsOf,
  isFields,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import { resolveGatewayName } from '../../../resources/gateway';
import { resolveHost } from '../../../resources/host';
import {
  MESH_GATEWAY,
  readVirtualService,
  type VirtualServiceRule,
} from '../../../resources/virtualService';
import type { KubeObject } from '../../../resources/types';
import { terminatesHttps } from '../../../mesh/route/gatewayServerModel';
import { hostsForNamespace } from '../../../mesh/route/gatewayVirtualHost';
import { hostsOverlap } from '../../../mesh/route/hostPatterns';
import type { MeshSnapshot } from '../../../snapshot/types';
import { serversOfGateway } from '../../facts/gatewayServers';
import type { Rule } from '../../types';

/** The port that `https://` means. */
const HTTPS_PORT = 443;

/** Source: istio.io reference, HTTPRedirect; Envoy’s reference, RedirectAction (what is not set stays as it was). */
export const redirectLoop: Rule = {
  code: 'ISB0130',
  name: 'virtual-service-redirect-loop',
  title: 'A redirect leads to the rule that it comes from',
  severity: 'error',
  explanation:
    'The address that the caller is sent to is taken by the same rule, which sends it there again. Browsers give up after some twenty turns (“too many redirects”).',
  remedy:
    'Narrow the rule down so that it does not take its own target: by the path, by port: 80 where it leads from HTTP to HTTPS, or use httpsRedirect of the Gateway’s server instead.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: ['Gateway'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    const rules = readVirtualService(subject).rules.filter(
      ({ protocol }) => protocol === 'http',
    );
    return rules.flatMap((rule, index) => {
      const { redirect } = rule.fields;
      if (!isFields(redirect)) return [];
      const target = targetOf(snapshot, subject, redirect);
      const loops =
        target !== undefined &&
        takesPath(rule, target) &&
        !rules.slice(0, index).some(above => mayTake(above, target));
      return loops
        ? [
            {
              message: `Leads to itself: ${target.text}, which this rule takes again.`,
              path: `spec.${rule.fieldPath}.redirect`,
            },
          ]
        : [];
    });
  },
};

/** Where the caller comes back to; undefined where that is another place, or not known. */
interface Target {
  /** Undefined: the path it had. */
  path?: string;
  /** Set where the caller comes back by HTTPS. */
  httpsPort?: number;
  gateway?: string;
  text: string;
}

function targetOf(
  snapshot: MeshSnapshot,
  subject: KubeObject,
  redirect: Fields,
): Target | undefined {
  const authority = textOf(redirect.authority);
  const path = textOf(redirect.uri);
  if (redirect.port !== undefined || redirect.derivePort !== undefined) {
    return undefined;
  }
  if (authority !== undefined && !isOnlyHost(snapshot, subject, authority)) {
    return undefined;
  }
  const scheme = textOf(redirect.scheme);
  const where = path === undefined ? 'the same path' : path;
  if (scheme === undefined) return { path, text: where };
  const gateway =
    scheme === 'https' ? httpsGateway(snapshot, subject) : undefined;
  return gateway === undefined
    ? undefined
    : {
        path,
        httpsPort: HTTPS_PORT,
        gateway,
        text: `${where} by HTTPS at Gateway ${gateway}`,
      };
}

function isOnlyHost(
  snapshot: MeshSnapshot,
  subject: KubeObject,
  authority: string,
): boolean {
  const { hosts } = readVirtualService(subject);
  const namespace = subject.metadata.namespace ?? '';
  return (
    hosts.length === 1 &&
    resolveHost(hosts[0], { namespace, domain: snapshot.domain }) ===
      authority.toLowerCase()
  );
}

/** A gateway that opens HTTPS for the hosts on the port that such an address means. */
function httpsGateway(
  snapshot: MeshSnapshot,
  subject: KubeObject,
): string | undefined {
  const { gateways, hosts } = readVirtualService(subject);
  const namespace = subject.metadata.namespace ?? '';
  return gateways
    .filter(gateway => gateway !== MESH_GATEWAY)
    .map(gateway => resolveGatewayName(gateway, namespace))
    .find(gateway =>
      serversOfGateway(snapshot, gateway).some(
        server =>
          server.port === HTTPS_PORT &&
          terminatesHttps(server) &&
          hostsForNamespace(server, namespace).some(offered =>
            hosts.some(host =>
              hostsOverlap(host.toLowerCase(), offered.toLowerCase()),
            ),
          ),
      ),
    );
}

/** Fields of a condition that say nothing of the path, and that the caller’s next request meets as the first did. */
const SILENT = new Set(['name', 'statPrefix', 'ignoreUriCase', 'method']);

/** Whether the rule surely takes the request that comes back. */
function takesPath({ matches }: VirtualServiceRule, target: Target): boolean {
  if (matches.length === 0) return true;
  return matches.some(match => {
    const asks = Object.keys(match).filter(field => !SILENT.has(field));
    return asks.every(field => {
      if (field === 'uri') return takesUri(match, target);
      if (field === 'port') return numberOf(match.port) === target.httpsPort;
      return false;
    });
  });
}

function takesUri(match: Fields, { path }: Target): boolean {
  // The path it had is one that the rule took.
  if (path === undefined) return true;
  const { exact, prefix } = fieldsOf(match.uri);
  const fold = (text: unknown) =>
    match.ignoreUriCase === true ? String(text).toLowerCase() : String(text);
  const asked = fold(path.replace(/[?#].*$/, ''));
  if (typeof exact === 'string') return asked === fold(exact);
  return typeof prefix === 'string' && asked.startsWith(fold(prefix));
}

/** Whether a rule above may take the request that comes back, though it did not take the first one. */
function mayTake({ matches }: VirtualServiceRule, target: Target): boolean {
  if (matches.length === 0) return true;
  return matches.some(match => {
    const changes = ['scheme', 'port', 'authority'].filter(
      field => match[field] !== undefined,
    );
    if (target.path === undefined) return changes.length > 0;
    return match.uri === undefined || mayTakeUri(match, target);
  });
}

function mayTakeUri(match: Fields, target: Target): boolean {
  return takesUri(match, target) || fieldsOf(match.uri).regex !== undefined;
}
