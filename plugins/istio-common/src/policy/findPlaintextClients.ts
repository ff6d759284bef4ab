import {
  type Fields,
  fieldsListOf,
  fieldsOf,
  textOf,
} from '../resources/fields';
import { resolveHost } from '../resources/host';
import { isKind } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';

/** A place of a DestinationRule where clients are told not to use the mesh's own encryption. */
export interface PlaintextClient {
  path: string;
  mode: string;
}

/**
 * Where the rule gives up the mesh's mTLS and did not before. Only of hosts in the cluster: TLS to the outside is what
 * such a rule is for.
 *
 * Source: istio/istio pilot/pkg/networking/core buildUpstreamTLSSettings; any mode but ISTIO_MUTUAL
 * replaces what auto mTLS would do.
 */
export function findPlaintextClients(options: {
  before: KubeObject | undefined;
  after: KubeObject;
}): PlaintextClient[] {
  const { before, after } = options;
  if (!isInCluster(after)) {
    return [];
  }
  const known = new Map(
    (before ? readTlsModes(before) : []).map(({ path, mode }) => [path, mode]),
  );
  return readTlsModes(after).filter(
    ({ path, mode }) => mode !== 'ISTIO_MUTUAL' && known.get(path) !== mode,
  );
}

/** Names with `.svc`, short names, and everything a wildcard may stand for. */
function isInCluster(rule: KubeObject): boolean {
  const host = resolveHost(textOf(fieldsOf(rule.spec).host) ?? '', {
    namespace: rule.metadata.namespace ?? '',
    domain: 'cluster.local',
  });
  return (
    /\.svc(\.|$)/.test(host) ||
    host.endsWith('.local') ||
    host.split('.').length <= 2 ||
    host === '*'
  );
}

/** What the rule tells clients about TLS, in each place; none for other kinds. */
export function readTlsModes(rule: KubeObject): PlaintextClient[] {
  if (!isKind(rule, 'DestinationRule')) {
    return [];
  }
  const spec = fieldsOf(rule.spec);
  return [
    ...ofPolicy(fieldsOf(spec.trafficPolicy), 'spec.trafficPolicy'),
    ...fieldsListOf(spec.subsets).flatMap((subset, index) =>
      ofPolicy(
        fieldsOf(subset.trafficPolicy),
        `spec.subsets[${index}].trafficPolicy`,
      ),
    ),
  ];
}

function ofPolicy(policy: Fields, path: string): PlaintextClient[] {
  const places = [
    { path: `${path}.tls`, tls: policy.tls },
    ...fieldsListOf(policy.portLevelSettings).map((port, index) => ({
      path: `${path}.portLevelSettings[${index}].tls`,
      tls: port.tls,
    })),
  ];
  return places.flatMap(({ path: place, tls }) => {
    if (tls === undefined) {
      return [];
    }
    // DISABLE is the zero value of Istio's enum.
    return [{ path: place, mode: textOf(fieldsOf(tls).mode) ?? 'DISABLE' }];
  });
}
