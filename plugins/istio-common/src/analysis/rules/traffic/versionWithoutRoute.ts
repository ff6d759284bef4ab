import { resolveHost, serviceOfHost } from '../../../resources/host';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { MeshSnapshot } from '../../../snapshot/types';
import {
  formatDuration,
  formatQuantity,
  formatShare,
} from '../../../telemetry/format';
import { indexTraffic } from '../../facts/observedTraffic';
import {
  countVersions,
  resolveDestinationVersions,
} from '../../facts/versions';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule, RuleFinding } from '../../types';

/** Below this a version may be one that a change has just taken out of the route. */
const SHARE = 0.05;
const REQUESTS = 20;

/** Versions that the rules may send requests for the host to; undefined: any, or not known. */
function listRoutedVersions(
  snapshot: MeshSnapshot,
  virtualService: KubeObject,
  service: { namespace: string; name: string },
): ReadonlySet<string> | undefined {
  const { rules } = readVirtualService(virtualService);
  if (rules.some(({ delegate }) => delegate)) return undefined;
  const versions = new Set<string>();
  for (const destination of rules.flatMap(rule => rule.destinations)) {
    const found = resolveDestinationVersions(snapshot, {
      virtualService,
      service,
      destination,
    });
    if (found === 'elsewhere') continue;
    if (found === undefined) return undefined;
    found.forEach(version => versions.add(version));
  }
  return versions.size > 0 ? versions : undefined;
}

export const versionWithoutRoute: Rule = {
  code: 'ISB1206',
  name: 'traffic-version-without-route',
  title: 'Requests reach a version that no route names',
  severity: 'warning',
  explanation:
    'Every route of the VirtualService sends to named subsets, and yet clients’ proxies sent requests to another version. Such clients do not see the VirtualService, follow another one, or the route was changed within the window.',
  remedy:
    'Look at exportTo of the VirtualService and at the Sidecars of the callers; after a change, look again once the window has passed.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [...WORKLOAD_KINDS, 'Service', 'DestinationRule'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object' },
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const { hosts, gateways, rules } = readVirtualService(subject);
    if (!traffic || !gateways.includes(MESH_GATEWAY) || rules.length === 0) {
      return [];
    }
    const context = {
      namespace: subject.metadata.namespace ?? '',
      domain: snapshot.domain,
    };
    return hosts.flatMap((written, index): RuleFinding[] => {
      const host = resolveHost(written, context);
      const service = serviceOfHost(host, snapshot.domain);
      const counts = countVersions(indexTraffic(traffic).toHost(host));
      if (!service || counts.size === 0) return [];
      const routed = listRoutedVersions(snapshot, subject, service);
      const total = [...counts.values()].reduce((a, b) => a + b, 0);
      return [...counts]
        .filter(
          ([version, requests]) =>
            routed &&
            !routed.has(version) &&
            requests >= REQUESTS &&
            requests / total >= SHARE,
        )
        .map(([version, requests]) => ({
          message: `${formatQuantity(requests, 'request')} (${formatShare(
            requests / total,
          )}) to ${service.name} in the last ${formatDuration(
            traffic.window.seconds,
          )} reached ${version}, which no route names.`,
          path: `spec.hosts[${index}]`,
        }));
    });
  },
};
