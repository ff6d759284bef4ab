import {
  MINIMUM_TO_COMPARE,
  samplingTolerance,
} from '../../../mesh/traffic/compareSplit';
import { resolveShares } from '../../../mesh/traffic/resolveShares';
import { changedAt } from '../../../mesh/traffic/routeChangedAt';
import { resolveHost, serviceOfHost } from '../../../resources/host';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
  type VirtualServiceRule,
} from '../../../resources/virtualService';
import type { MeshSnapshot } from '../../../snapshot/types';
import {
  formatCount,
  formatDuration,
  formatShare,
} from '../../../telemetry/format';
import { indexTraffic } from '../../facts/observedTraffic';
import {
  countVersions,
  resolveDestinationVersions,
} from '../../facts/versions';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule, RuleFinding } from '../../types';

/** What is less off than this is not worth telling, however sure it is. */
const WORTH_TELLING = 0.02;

/** The one HTTP rule that all requests take; several could not be told apart by what was observed. */
function onlyRule(subject: KubeObject): VirtualServiceRule | undefined {
  const rules = readVirtualService(subject).rules.filter(
    ({ protocol }) => protocol === 'http',
  );
  const [only] = rules;
  return rules.length === 1 && only.destinations.length > 1 ? only : undefined;
}

/** Configured share by version; undefined where a destination is another host or cannot be told by version. */
function configuredShares(
  snapshot: MeshSnapshot,
  route: {
    virtualService: KubeObject;
    service: { namespace: string; name: string };
    rule: VirtualServiceRule;
  },
): Map<string, { share: number; index: number }> | undefined {
  const { rule } = route;
  const shares = resolveShares(
    rule.destinations.map(({ weight }) => weight),
    'istio',
  );
  const byVersion = new Map<string, { share: number; index: number }>();
  for (const [index, destination] of rule.destinations.entries()) {
    const versions = resolveDestinationVersions(snapshot, {
      ...route,
      destination,
    });
    if (!Array.isArray(versions) || versions.length !== 1) return undefined;
    if (byVersion.has(versions[0])) return undefined;
    byVersion.set(versions[0], { share: shares[index], index });
  }
  return byVersion;
}

/** Source of the comparison: the 99 % interval of the binomial distribution, as on the traffic split card. */
export const splitNotFollowed: Rule = {
  code: 'ISB1209',
  name: 'traffic-split-not-followed',
  title: 'Traffic does not follow the weights of a split',
  severity: 'warning',
  explanation:
    'Clients’ proxies sent another share of the requests to a version than its weight says, by more than chance explains. Some clients follow another route or have no proxy, a version has no ready pod, or connections that stay open keep to the version they began with.',
  remedy:
    'Look at the callers: a Sidecar or exportTo may hide the VirtualService from them, and long-lived connections move only when they end.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [...WORKLOAD_KINDS, 'Service', 'DestinationRule'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object' },
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const rule = onlyRule(subject);
    const { hosts, gateways } = readVirtualService(subject);
    if (!traffic || !rule || !gateways.includes(MESH_GATEWAY)) return [];
    const { seconds, to } = traffic.window;
    // Requests before the last change went by other weights.
    if ((changedAt(subject) ?? -Infinity) > to - seconds * 1000) return [];
    return hosts.flatMap((written): RuleFinding[] => {
      const host = resolveHost(written, {
        namespace: subject.metadata.namespace ?? '',
        domain: snapshot.domain,
      });
      const service = serviceOfHost(host, snapshot.domain);
      const counts = countVersions(indexTraffic(traffic).toHost(host));
      const configured =
        service &&
        counts.size > 0 &&
        configuredShares(snapshot, { virtualService: subject, service, rule });
      if (!configured) return [];
      const total = [...counts.values()].reduce((a, b) => a + b, 0);
      if (total < MINIMUM_TO_COMPARE) return [];
      return [...configured].flatMap(([version, { share, index }]) => {
        const observed = (counts.get(version) ?? 0) / total;
        const off = Math.abs(observed - share);
        return off > Math.max(WORTH_TELLING, samplingTolerance(share, total))
          ? [
              {
                message: `${version} got ${formatShare(
                  observed,
                )} of ${formatCount(
                  total,
                )} requests in the last ${formatDuration(
                  seconds,
                )}, its weight says ${formatShare(share)}.`,
                path: `spec.${rule.fieldPath}.route[${index}].weight`,
              },
            ]
          : [];
      });
    });
  },
};
