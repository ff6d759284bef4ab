import { readDestinationRule } from '../../../resources/destinationRule';
import { textOf } from '../../../resources/fields';
import { resolveHost } from '../../../resources/host';
import { readService } from '../../../resources/service';
import { memoizeByIdentity } from '../../../resources/memoize';
import { isEmptySelector } from '../../../resources/selector';
import type { KubeObject } from '../../../resources/types';
import type { ConsolidatedRule } from '../../../mesh/route/destinationRules';
import { readClientPolicy } from '../../../mesh/mtls/clientTlsBlock';
import { resolvePortMtls } from '../../../mesh/mtls/resolvePortMtls';
import { resolveTargetPort } from '../../../snapshot/resolveTargetPort';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { servicesOfHost } from '../../facts/services';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule, RuleFinding } from '../../types';

/** Most rules set none, which their text tells at once. */
const setsTls = memoizeByIdentity(({ spec = {} }: KubeObject): boolean =>
  JSON.stringify(spec).includes('"tls"'),
);

/** Sources: istio/istio pilot/pkg/networking/core/cluster_tls.go; pilot/pkg/security/authn ComposePeerAuthentication. */
export const tlsAgainstServer: Rule = {
  code: 'ISB0217',
  name: 'destination-rule-tls-against-server',
  title: 'A DestinationRule makes callers send what the server refuses',
  severity: 'error',
  explanation:
    'The TLS mode of a DestinationRule beats automatic mTLS, whatever the server wants. A server that is STRICT refuses plaintext and TLS of other kinds; one with mTLS switched off, or without a proxy, does not understand Istio’s certificates. Calls fail with a reset connection or 503.',
  remedy:
    'Remove tls from the DestinationRule: automatic mTLS then sends what each endpoint takes.',
  equivalents: ['KIA0207', 'KIA0208'],
  subjects: ['DestinationRule'],
  inputs: [
    'Service',
    'ServiceEntry',
    'Namespace',
    'PeerAuthentication',
    ...WORKLOAD_KINDS,
  ],
  reach: 'host',
  reachOf: { DestinationRule: 'object', Namespace: 'mesh' },
  check(subject, { snapshot }) {
    if (!setsTls(subject)) return [];
    const view = readDestinationRule(subject);
    const host = resolveHost(view.host, {
      namespace: subject.metadata.namespace ?? '',
      domain: snapshot.domain,
    });
    const [service, other] = servicesOfHost(snapshot, host);
    if (!service || other || service.registry !== 'kubernetes') return [];
    const rule: ConsolidatedRule = {
      objects: [subject],
      exportTo: new Set(),
      subsets: view.subsets.map(subset => ({ ...subset, object: subject })),
      ...(view.trafficPolicy ? { policyFrom: subject } : {}),
    };
    const found = new Map<string, RuleFinding>();
    for (const port of readService(service.object).ports) {
      for (const subset of [undefined, ...rule.subsets]) {
        const { tls } = readClientPolicy(rule, {
          port: port.port,
          ...(subset ? { subset } : {}),
        });
        const target = resolveTargetPort(snapshot, service.object, port);
        const mode = textOf(tls?.fields.mode);
        if (!tls || !mode || target === undefined) continue;
        const refusing = listRefusing(snapshot, {
          service: service.object,
          labels: subset?.labels ?? {},
          port: target,
          mode,
        });
        if (refusing && !found.has(tls.fieldPath)) {
          found.set(tls.fieldPath, {
            message: `${mode} to port ${port.port} of ${host}, where ${refusing}.`,
            path: `${tls.fieldPath}.mode`,
          });
        }
      }
    }
    return [...found.values()];
  },
};

function listRefusing(
  snapshot: MeshSnapshot,
  of: {
    service: KubeObject;
    labels: Readonly<Record<string, string>>;
    port: number;
    mode: string;
  },
): string | undefined {
  const { namespace, selector } = readService(of.service);
  if (isEmptySelector(selector)) return undefined;
  for (const workload of snapshot.workloadsMatching(namespace, {
    ...selector,
    ...of.labels,
  })) {
    const why = whyRefused(snapshot, { ...of, workload });
    if (why) return `${workload.namespace}/${workload.name} ${why}`;
  }
  return undefined;
}

/** Without running pods nobody knows whether a proxy will be there. */
function whyRefused(
  snapshot: MeshSnapshot,
  of: { workload: WorkloadKey; port: number; mode: string },
): string | undefined {
  const server = resolvePortMtls({ snapshot, ...of }).mode;
  if (of.mode === 'ISTIO_MUTUAL') {
    if (server === 'DISABLE') return 'has mTLS disabled';
    return server === 'OUTSIDE' && snapshot.podsOf(of.workload).length > 0
      ? 'runs without a proxy'
      : undefined;
  }
  return server === 'STRICT' ? 'is STRICT' : undefined;
}
