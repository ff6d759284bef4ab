import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import {
  namespace,
  service,
} from '@istio-backstage/plugin-istio-common/testUtils';
import {
  compact,
  day,
  exportTo,
  inNamespace,
  pick,
  rarely,
  sometimes,
} from '../route/base';
import { aged, meshPod } from '../world/objects';
import { withoutInvalid, World } from '../world/World';
import { trafficPolicies } from './policies';

/** A call, and the subset that the rules of the world send it to when it asks for one. */
export interface ResilienceQuestion {
  from: { namespace: string; pod: string; labels: Record<string, string> };
  host: string;
  port: number;
  protocol: 'http' | 'http2' | 'tcp';
  subset?: 'v1' | 'v2';
}

export interface AskedWorld {
  world: World;
  questions: ResilienceQuestion[];
}

const HTTP = { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' };
const GRPC = { name: 'grpc', port: 7070, targetPort: 7070, protocol: 'TCP' };
const RAW = { name: 'tcp-raw', port: 9000, targetPort: 9000, protocol: 'TCP' };

const WEB = 'web.a.svc.cluster.local';
const HEADS = 'heads.b.svc.cluster.local';
const OUTSIDE = 'ext.example.com';

const pods = (['a/web', 'b/heads'] as const).flatMap((of, index) =>
  // A second pod behind `heads` would be another listener for the same port.
  (of === 'b/heads' ? ['v1'] : ['v1', 'v2']).map((version, replica) => {
    const [ns, app] = of.split('/');
    return meshPod({
      namespace: ns,
      name: `${app}-${version}`,
      labels: { app, version },
      ip: `10.1.${index}.${replica + 1}`,
      sidecar: true,
    });
  }),
);

/** Address of the pod behind `heads`, which the oracle's resolver does not know. */
export const HEADLESS_POD = '10.1.1.1';

const always: readonly KubeObject[] = [
  ...['a', 'b', 'istio-system'].map(name => namespace({ name })),
  ...pods,
  service({
    namespace: 'a',
    name: 'web',
    ports: [HTTP, GRPC, RAW],
    spec: { clusterIP: '10.96.0.1', type: 'ClusterIP' },
  }),
  service({
    namespace: 'b',
    name: 'heads',
    ports: [HTTP],
    spec: { clusterIP: 'None', type: 'ClusterIP' },
  }),
];

const outside = fc
  .record({
    resolution: pick('DNS', 'STATIC', 'NONE'),
    location: pick('MESH_EXTERNAL', 'MESH_INTERNAL'),
  })
  .map(({ resolution, location }) =>
    aged(
      'ServiceEntry',
      { namespace: 'b', name: 'outside', day: 1 },
      compact({
        hosts: [OUTSIDE],
        location,
        resolution,
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        endpoints:
          resolution === 'STATIC' ? [{ address: '10.9.9.9' }] : undefined,
      }),
    ),
  );

const subsets = fc
  .uniqueArray(pick('v1', 'v2'), { minLength: 1, maxLength: 2 })
  .chain(names =>
    fc.tuple(
      ...names.map(name =>
        sometimes(trafficPolicies).map(trafficPolicy =>
          compact({ name, labels: { version: name }, trafficPolicy }),
        ),
      ),
    ),
  );

const destinationRules = fc
  .array(
    fc.record({
      namespace: inNamespace,
      day,
      host: pick(WEB, WEB, WEB, HEADS, OUTSIDE, '*.a.svc.cluster.local'),
      exportTo,
      workloadSelector: rarely(pick({ matchLabels: { version: 'v1' } }), 5),
      trafficPolicy: rarely(trafficPolicies, 2),
      subsets,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map(list =>
    list.map(({ namespace: ns, day: created, ...spec }, index) =>
      aged(
        'DestinationRule',
        { namespace: ns, name: `dr${index}`, day: created },
        compact(spec),
      ),
    ),
  );

const settings = fc
  .record({
    timeout: sometimes(pick('5s', '1500ms')),
    retries: sometimes(
      pick<object>(
        { attempts: 0 },
        { attempts: 3 },
        { attempts: 1, perTryTimeout: '2s', retryOn: '5xx,reset' },
      ),
    ),
  })
  .map(compact);

/** Sends those who ask for a subset to it. */
const routes = fc.tuple(settings, settings, settings).map(([v1, v2, rest]) =>
  aged(
    'VirtualService',
    { namespace: 'a', name: 'web', day: 1 },
    {
      hosts: [WEB],
      http: [
        ...[
          { name: 'v1', set: v1 },
          { name: 'v2', set: v2 },
        ].map(({ name, set }) => ({
          name,
          match: [{ headers: { 'x-subset': { exact: name } } }],
          route: [{ destination: { host: WEB, subset: name } }],
          ...set,
        })),
        { name: 'rest', route: [{ destination: { host: WEB } }], ...rest },
      ],
    },
  ),
);

const meshConfig = fc
  .record({
    connectTimeout: sometimes(pick('3s', '1m30s')),
    defaultTrafficPolicy: sometimes(
      trafficPolicies.map(({ connectionPool, outlierDetection }) =>
        compact({ connectionPool, outlierDetection }),
      ),
    ),
    defaultHttpRetryPolicy: rarely(
      pick<object>({ attempts: 5, retryOn: '5xx' }, { attempts: 0 }),
      4,
    ),
    h2UpgradePolicy: rarely(pick('UPGRADE', 'DO_NOT_UPGRADE'), 4),
  })
  .map(compact);

const PROTOCOLS: Readonly<Record<number, ResilienceQuestion['protocol']>> = {
  80: 'http',
  7070: 'http2',
  9000: 'tcp',
};

const questions: fc.Arbitrary<ResilienceQuestion> = fc
  .record({
    from: pick(
      { namespace: 'a', pod: 'web-v1', labels: { app: 'web', version: 'v1' } },
      { namespace: 'a', pod: 'web-v2', labels: { app: 'web', version: 'v2' } },
      {
        namespace: 'b',
        pod: 'heads-v1',
        labels: { app: 'heads', version: 'v1' },
      },
    ),
    to: fc.oneof(
      fc.record({
        host: fc.constant(WEB),
        port: pick(80, 80, 7070),
        subset: fc.option(pick('v1' as const, 'v2' as const), {
          nil: undefined,
        }),
      }),
      pick<{ host: string; port: number; subset?: undefined }>(
        { host: WEB, port: 9000 },
        { host: HEADS, port: 80 },
        { host: OUTSIDE, port: 80 },
      ),
    ),
  })
  .map(({ from, to }) => ({
    from,
    ...compact(to),
    protocol: PROTOCOLS[to.port],
  }));

/** Services of every resolution whose DestinationRules and routes set what callers have to keep to. */
export const resilienceWorlds = (count: number): fc.Arbitrary<AskedWorld> =>
  fc
    .record({
      outside,
      destinationRules,
      routes,
      meshConfig,
      questions: fc.array(questions, { minLength: count, maxLength: count }),
    })
    .map(({ outside: entry, routes: routing, ...world }) => ({
      world: {
        objects: [
          ...always,
          ...withoutInvalid([entry, routing, ...world.destinationRules]),
        ],
        meshConfig: world.meshConfig,
      },
      questions: world.questions,
    }));
