import * as fc from 'fast-check';
import { KubeObject } from '@istio-backstage/plugin-istio-common';
import { aged } from '../world/objects';
import {
  compact,
  day,
  exportTo,
  inNamespace,
  MESH_HOSTS,
  pick,
  sometimes,
  rarely,
} from './base';

const subset = (name: string) => ({ name, labels: { version: name } });

/** DestinationRules that define subsets, for all clients or some. */
export const destinationRules: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace: inNamespace,
      day,
      host: pick(
        ...MESH_HOSTS,
        '*.a.svc.cluster.local',
        '*.svc.cluster.local',
        '*.example.com',
      ),
      exportTo,
      workloadSelector: rarely(
        pick(
          { matchLabels: { app: 'web' } },
          { matchLabels: { version: 'v1' } },
        ),
        5,
      ),
      subsets: fc.uniqueArray(pick('v1', 'v2', 'v3'), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { maxLength: 5 },
  )
  .map(list =>
    list.map(({ namespace, day: created, subsets, ...spec }, index) =>
      aged(
        'DestinationRule',
        { namespace, name: `dr${index}`, day: created },
        compact({ ...spec, subsets: subsets.map(subset) }),
      ),
    ),
  );

const entryPort = pick(
  { number: 80, name: 'http', protocol: 'HTTP' },
  { number: 443, name: 'tls', protocol: 'TLS' },
  { number: 8080, name: 'http-alt', protocol: 'HTTP' },
  { number: 9000, name: 'tcp', protocol: 'TCP' },
  { number: 7000, name: 'any', protocol: '' },
);

/** ServiceEntries: names outside, wildcards, addresses, a name that is also a Service's. */
export const serviceEntries: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace: inNamespace,
      day,
      exportTo,
      shape: fc.oneof(
        fc.record({
          hosts: pick(
            ['ext.example.com'],
            ['ext.example.com', 'other.example.org'],
            ['web.b'],
          ),
          resolution: pick('DNS', 'NONE'),
          addresses: rarely(
            pick(['240.0.0.1'], ['240.0.0.1', '240.0.0.2'], ['240.1.0.0/16']),
            3,
          ),
        }),
        fc.record({
          hosts: pick(['*.wild.example.com'], ['*.example.com']),
          resolution: fc.constant('NONE'),
        }),
        fc.record({
          hosts: pick(['ext.example.com'], ['web.a.svc.cluster.local']),
          resolution: fc.constant('STATIC'),
          endpoints: pick<object[]>(
            [{ address: '10.9.9.9', labels: { version: 'v1' } }],
            [],
          ),
        }),
      ),
      ports: fc.uniqueArray(entryPort, {
        minLength: 1,
        maxLength: 2,
        selector: port => port.number,
      }),
      location: sometimes(pick('MESH_EXTERNAL', 'MESH_INTERNAL')),
    }),
    { maxLength: 3 },
  )
  .map(list =>
    list.map(({ namespace, day: created, shape, ...spec }, index) =>
      agedApart(
        { namespace, name: `se${index}`, day: created, second: index },
        limitAddresses(
          compact({ ...spec, ...compact(shape as Record<string, unknown>) }),
        ),
      ),
    ),
  );

/** Which of two ServiceEntries of one host and one age Istio reads first is left to chance. */
function agedApart(
  options: { namespace: string; name: string; day: number; second: number },
  spec: Record<string, unknown>,
): KubeObject {
  const object = aged('ServiceEntry', options, spec);
  const creationTimestamp = `2026-01-0${options.day}T00:00:0${options.second}Z`;
  return { ...object, metadata: { ...object.metadata, creationTimestamp } };
}

/**
 * Of several addresses of an HTTP port Istio serves one, left to chance; and the oracle asks twice for
 * the routes of a detected one.
 */
function limitAddresses(
  spec: Record<string, unknown>,
): Record<string, unknown> {
  const { addresses, ports } = spec as {
    addresses?: string[];
    ports: { protocol: string }[];
  };
  return addresses &&
    ports.some(({ protocol }) => protocol !== 'TCP' && protocol !== 'TLS')
    ? { ...spec, addresses: addresses.slice(0, 1) }
    : spec;
}

const egressHosts = fc.uniqueArray(
  pick(
    './*',
    '*/*',
    'a/*',
    'b/*',
    'b/store.b.svc.cluster.local',
    '*/web.a.svc.cluster.local',
    './web.a.svc.cluster.local',
    'istio-system/*',
    '*/*.example.com',
    '~a/api.a.svc.cluster.local',
    '~/*.b.svc.cluster.local',
  ),
  { minLength: 1, maxLength: 3 },
);

/** Sidecars: for a namespace, for some workloads, for the mesh. */
export const sidecars: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace: inNamespace,
      day,
      workloadSelector: sometimes(
        pick({ labels: { app: 'web' } }, { labels: { version: 'v2' } }),
      ),
      egress: rarely(
        fc
          .record({
            own: rarely(
              fc.record({
                port: pick(
                  { number: 80, protocol: 'HTTP', name: 'http' },
                  { number: 9000, protocol: 'TCP', name: 'tcp' },
                  { number: 7000, protocol: 'HTTP', name: 'seen' },
                ),
                hosts: egressHosts,
              }),
              3,
            ),
            rest: fc.record({ hosts: egressHosts }),
          })
          .map(({ own, rest }) => (own ? [own, rest] : [rest])),
        5,
      ),
      outboundTrafficPolicy: sometimes(
        pick({ mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }, {}),
      ),
    }),
    { maxLength: 2 },
  )
  .map(list =>
    list.map(({ namespace, day: created, ...spec }, index) =>
      aged(
        'Sidecar',
        { namespace, name: `sc${index}`, day: created },
        compact(spec),
      ),
    ),
  );

/** What the mesh's owner may have set. */
export const meshConfig: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .record({
    outboundTrafficPolicy: sometimes(
      pick({ mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }),
    ),
    defaultVirtualServiceExportTo: rarely(pick(['.'], ['*']), 10),
    defaultServiceExportTo: rarely(pick(['.'], ['*']), 20),
    defaultDestinationRuleExportTo: rarely(pick(['.'], ['*']), 6),
    defaultHttpRetryPolicy: rarely(
      pick<object>({ attempts: 5, retryOn: '5xx' }, { attempts: 0 }),
      6,
    ),
  })
  .map(compact);
