import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { service } from '@istio-backstage/plugin-istio-common/testUtils';
import { aged, meshPod } from '../world/objects';
import { withoutInvalid, World } from '../world/World';

const pick = <T>(...values: T[]) => fc.constantFrom(...values);

/** One pod calls another through a Service, or nobody calls and only the port's mode is asked for. */
export interface MtlsQuestion {
  server: { namespace: string; name: string };
  port: number;
  client: { namespace: string; name: string };
  service: { namespace: string; name: string };
  servicePort: number;
  subset?: string;
}

const PODS = [
  {
    namespace: 'shop',
    name: 'api-1',
    app: 'api',
    version: 'v1',
    ip: '10.1.0.1',
  },
  {
    namespace: 'shop',
    name: 'api-2',
    app: 'api',
    version: 'v2',
    ip: '10.1.0.2',
  },
  {
    namespace: 'shop',
    name: 'web-1',
    app: 'web',
    version: 'v1',
    ip: '10.1.0.9',
  },
  {
    namespace: 'ops',
    name: 'api-1',
    app: 'api',
    version: 'v1',
    ip: '10.2.0.1',
  },
  {
    namespace: 'ops',
    name: 'job-1',
    app: 'job',
    version: 'v1',
    ip: '10.2.0.9',
  },
  {
    namespace: 'istio-system',
    name: 'tool-1',
    app: 'tool',
    version: 'v1',
    ip: '10.3.0.9',
  },
] as const;
const CLIENTS = PODS.filter(({ app }) => app !== 'api');
const SERVERS = PODS.filter(({ app }) => app === 'api');

/** Each pod has a sidecar or not; clients always do, since the oracle answers for proxies only. */
const pods = fc
  .tuple(...SERVERS.map(() => pick(true, true, true, false)))
  .map(sidecars =>
    PODS.map(({ namespace, name, app, version, ip }) =>
      meshPod({
        namespace,
        name,
        labels: { app, version },
        ip,
        sidecar:
          app !== 'api' ||
          sidecars[
            SERVERS.findIndex(
              each => each.namespace === namespace && each.name === name,
            )
          ],
        ports: [
          { name: 'web', containerPort: 8080 },
          { name: 'raw', containerPort: 9000 },
        ],
      }),
    ),
  );

const services = fc
  .tuple(
    pick('shop', 'shop', 'ops'),
    fc.record({
      portName: pick('http', 'tcp', 'x', 'grpc', 'https'),
      targetPort: pick<number | string>(8080, 'web', 9000),
      headless: pick(false, false, false, true),
      exportTo: pick<string | undefined>(
        undefined,
        undefined,
        '.',
        '*',
        'shop',
      ),
    }),
    fc.record({
      portName: pick('http', 'tcp'),
      headless: pick(false, false, true),
    }),
  )
  .map(([, first, second]): KubeObject[] => {
    const api = service({
      namespace: 'shop',
      name: 'api',
      ports: [
        { name: first.portName, port: 80, targetPort: first.targetPort },
        { name: 'tcp-raw', port: 81, targetPort: 'raw' },
      ],
      spec: first.headless ? { clusterIP: 'None' } : {},
    });
    return [
      first.exportTo === undefined
        ? api
        : {
            ...api,
            metadata: {
              ...api.metadata,
              annotations: { 'networking.istio.io/exportTo': first.exportTo },
            },
          },
      service({
        namespace: 'ops',
        name: 'api',
        ports: [{ name: second.portName, port: 80, targetPort: 8080 }],
        spec: second.headless ? { clusterIP: 'None' } : {},
      }),
    ];
  });

const mode = pick('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET');
const peerAuthentications = fc.array(
  fc.record({
    namespace: pick('shop', 'shop', 'ops', 'istio-system'),
    day: fc.integer({ min: 1, max: 3 }),
    spec: fc.oneof(
      fc.record({ mtls: fc.record({ mode }) }, { requiredKeys: [] }),
      fc.record(
        {
          selector: pick(
            { matchLabels: { app: 'api' } },
            { matchLabels: { version: 'v2' } },
            { matchLabels: { app: 'web' } },
          ),
          mtls: fc.record({ mode }),
          portLevelMtls: fc.dictionary(
            pick('8080', '9000', '80'),
            fc.record({ mode }),
            { minKeys: 1, maxKeys: 2 },
          ),
        },
        { requiredKeys: ['selector'] },
      ),
    ),
  }),
  { maxLength: 4 },
);

const tls = pick<Record<string, unknown>>(
  { mode: 'DISABLE' },
  { mode: 'SIMPLE' },
  { mode: 'SIMPLE', credentialName: 'secret' },
  { mode: 'ISTIO_MUTUAL' },
  { mode: 'ISTIO_MUTUAL' },
  {
    mode: 'MUTUAL',
    clientCertificate: '/c',
    privateKey: '/k',
    caCertificates: '/a',
  },
  { mode: 'MUTUAL', credentialName: 'secret' },
  {},
);
const loadBalancer = pick<Record<string, unknown>>(
  { simple: 'ROUND_ROBIN' },
  { simple: 'PASSTHROUGH' },
);
const trafficPolicy = fc.record(
  {
    tls,
    loadBalancer,
    portLevelSettings: fc.array(
      fc.record(
        { port: pick({ number: 80 }, { number: 81 }), tls, loadBalancer },
        { requiredKeys: ['port'] },
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);
const subset = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      labels: fc.constant({ version: name }),
      trafficPolicy,
    },
    { requiredKeys: ['name', 'labels'] },
  );
const destinationRules = fc.array(
  fc
    .record({
      namespace: pick('shop', 'shop', 'ops', 'istio-system'),
      day: fc.integer({ min: 1, max: 3 }),
      host: pick(
        'api.shop.svc.cluster.local',
        'api.shop.svc.cluster.local',
        'api',
        '*.svc.cluster.local',
        '*.shop.svc.cluster.local',
        'api.ops.svc.cluster.local',
      ),
      exportTo: pick<string[] | undefined>(
        undefined,
        undefined,
        ['.'],
        ['*'],
        ['shop'],
        ['ops', '.'],
      ),
      selector: pick<Record<string, string> | undefined>(
        undefined,
        undefined,
        undefined,
        { app: 'web' },
        { app: 'job' },
      ),
      trafficPolicy: fc.option(trafficPolicy, { nil: undefined, freq: 5 }),
      subsets: fc.option(fc.tuple(subset('v1'), subset('v2')), {
        nil: undefined,
      }),
    })
    .map(({ namespace, day, host, exportTo, selector, ...rest }) => ({
      namespace,
      day,
      spec: {
        host,
        // Istio refuses to export a rule for some clients.
        ...(exportTo && !selector ? { exportTo } : {}),
        ...(selector ? { workloadSelector: { matchLabels: selector } } : {}),
        ...(rest.trafficPolicy ? { trafficPolicy: rest.trafficPolicy } : {}),
        ...(rest.subsets && !host.startsWith('*')
          ? { subsets: rest.subsets }
          : {}),
      },
    })),
  { maxLength: 4 },
);

const sidecars = fc.array(
  fc.record({
    namespace: pick('shop', 'ops', 'istio-system'),
    hosts: pick(['./*'], ['*/*'], ['shop/*', 'istio-system/*'], ['ops/*']),
  }),
  { maxLength: 1 },
);

const world: fc.Arbitrary<World> = fc
  .record({
    pods,
    services,
    peerAuthentications,
    destinationRules,
    sidecars,
    meshConfig: fc.record({
      enableAutoMtls: pick(true, true, true, true, false),
    }),
  })
  .map(parts => ({
    meshConfig: parts.meshConfig,
    objects: withoutInvalid([
      ...parts.pods,
      ...parts.services,
      ...parts.peerAuthentications.map(({ namespace, day, spec }, index) =>
        aged(
          'PeerAuthentication',
          { namespace, day, name: `pa-${index}` },
          spec,
        ),
      ),
      ...parts.destinationRules.map(({ namespace, day, spec }, index) =>
        aged('DestinationRule', { namespace, day, name: `dr-${index}` }, spec),
      ),
      ...parts.sidecars.map(({ namespace, hosts }, index) =>
        aged(
          'Sidecar',
          { namespace, day: 1, name: `sidecar-${index}` },
          { egress: [{ hosts }] },
        ),
      ),
    ]),
  }));

const question: fc.Arbitrary<MtlsQuestion> = fc
  .record({
    server: pick(...SERVERS),
    client: pick(...CLIENTS),
    servicePort: pick(80, 80, 81),
    // A subset for other pods than the server's has nothing to say about it.
    subset: pick(false, false, true),
  })
  .map(({ server, client, servicePort, subset: asked }) => ({
    server: { namespace: server.namespace, name: server.name },
    client: { namespace: client.namespace, name: client.name },
    service: { namespace: server.namespace, name: 'api' },
    servicePort: server.namespace === 'ops' ? 80 : servicePort,
    port: 0,
    ...(asked ? { subset: server.version } : {}),
  }));

/** The container port behind the Service port that the question names. */
function withTarget(given: World, asked: MtlsQuestion): MtlsQuestion {
  const object = given.objects.find(
    ({ kind, metadata }) =>
      kind === 'Service' && metadata.namespace === asked.service.namespace,
  );
  const ports = object?.spec?.ports as { port: number; targetPort: unknown }[];
  const target = ports.find(
    ({ port }) => port === asked.servicePort,
  )?.targetPort;
  const named: Record<string, number> = { web: 8080, raw: 9000 };
  return {
    ...asked,
    port: typeof target === 'number' ? target : named[String(target)],
  };
}

/** Worlds with their questions. */
export const mtlsWorlds = fc
  .record({
    world,
    questions: fc.array(question, { minLength: 12, maxLength: 12 }),
  })
  .map(({ world: given, questions }) => ({
    world: given,
    questions: questions.map(asked => withTarget(given, asked)),
  }));
