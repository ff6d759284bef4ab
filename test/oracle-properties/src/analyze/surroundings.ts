import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { kubeObject } from '@istio-backstage/plugin-istio-common/testUtils';
import { compact, pick, rarely } from '../route/base';

/** How a namespace, its pods and its Services are marked; each mark makes one of istioctl's analyzers look. */
const injection = pick<Record<string, string>>(
  {},
  {},
  { 'istio-injection': 'enabled' },
  { 'istio-injection': 'enabled' },
  { 'istio-injection': 'disabled' },
  { 'istio.io/rev': 'canary' },
  { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' },
  { 'istio.io/dataplane-mode': 'ambient' },
  { 'istio-injection': 'disabled', 'istio.io/dataplane-mode': 'ambient' },
  { 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' },
  { 'istio.io/rev': 'canary', 'istio.io/dataplane-mode': 'ambient' },
);

/** Known and unknown, on the right and on the wrong kind, with values that fit and do not. */
const annotations = rarely(
  pick<Record<string, string>>(
    { 'sidecar.istio.io/inject': 'false' },
    { 'sidecar.istio.io/inject': 'true' },
    { 'sidecar.istio.io/statsInclusionPrefixes': 'cluster' },
    { 'sidecar.istio.io/unheardOf': '1' },
    { 'networking.istio.io/exportTo': '.' },
    { 'traffic.sidecar.istio.io/includeInboundPorts': '8080,x' },
    { 'traffic.sidecar.istio.io/excludeOutboundIPRanges': '10.0.0.0/8' },
    { 'traffic.sidecar.istio.io/excludeOutboundIPRanges': '10.0.0.0/64' },
    { 'sidecar.istio.io/interceptionMode': 'TPROXY' },
    { 'sidecar.istio.io/interceptionMode': 'GUESS' },
    { 'sidecar.istio.io/proxyCPU': '100m' },
    { 'sidecar.istio.io/proxyCPU': 'much' },
    { 'readiness.status.sidecar.istio.io/periodSeconds': 'soon' },
    { 'proxy.istio.io/config': 'concurrency: 2' },
    { 'proxy.istio.io/config': 'concurency: 2' },
    { 'prometheus.istio.io/merge-metrics': 'false' },
    { 'prometheus.istio.io/merge-metrics': 'maybe' },
    { 'istio.io/rev': 'canary' },
    { 'kubernetes.io/ingress.class': 'istio' },
    { 'example.com/team': 'shop' },
  ),
  4,
);

function annotate(
  object: KubeObject,
  more: Readonly<Record<string, string>> | undefined,
): KubeObject {
  return more
    ? {
        ...object,
        metadata: {
          ...object.metadata,
          annotations: { ...object.metadata.annotations, ...more },
        },
      }
    : object;
}

/** Namespaces that want a sidecar, the ambient data plane, both, or neither. */
export const namespaces: fc.Arbitrary<KubeObject[]> = fc
  .tuple(
    ...['a', 'b', 'shop', 'ops', 'istio-system'].map(name =>
      fc.record({
        name: fc.constant(name),
        injection,
        annotations,
        present: name === 'ops' ? pick(true, false) : fc.constant(true),
      }),
    ),
  )
  .map(list =>
    list
      .filter(({ present }) => present)
      .map(({ name, injection: labels, annotations: more }) =>
        annotate(
          kubeObject('Namespace', { name, labels: { team: name, ...labels } }),
          more,
        ),
      ),
  );

interface PodSpec {
  containers: { name: string; image: string; [field: string]: unknown }[];
  [field: string]: unknown;
}

/** What else a pod may be than one that was injected. */
const podMark = pick(
  'as it is',
  'as it is',
  'as it is',
  'as it is',
  'no proxy',
  'native proxy',
  'image auto',
  'host network',
  'not wanted',
  'user of the proxy',
  'container as user of the proxy',
  'ambient',
);

/** The pods of a Deployment have no proxy yet; some of them will get none. */
const templateMark = pick(
  'as it is',
  'as it is',
  'as it is',
  'native proxy',
  'image auto',
  'host network',
  'host network',
  'not wanted',
  'user of the proxy',
  'container as user of the proxy',
);

const WITHOUT_PROXY = (spec: PodSpec) =>
  spec.containers.filter(({ name }) => name !== 'istio-proxy');

function markPod(pod: KubeObject, mark: string): KubeObject {
  const spec = pod.spec as unknown as PodSpec;
  const withSpec = (change: Partial<PodSpec>): KubeObject => ({
    ...pod,
    spec: { ...spec, ...change } as KubeObject['spec'],
  });
  const withLabels = (labels: Record<string, string>): KubeObject => ({
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { ...pod.metadata.labels, ...labels },
    },
  });
  const proxy = {
    name: 'istio-proxy',
    image: 'docker.io/istio/proxyv2:1.31.0',
  };
  switch (mark) {
    case 'no proxy':
      return withSpec({ containers: WITHOUT_PROXY(spec) });
    case 'native proxy':
      return withSpec({
        containers: WITHOUT_PROXY(spec),
        initContainers: [{ ...proxy, restartPolicy: 'Always' }],
      });
    case 'image auto':
      return withSpec({
        containers: [...WITHOUT_PROXY(spec), { ...proxy, image: 'auto' }],
      });
    case 'host network':
      return withSpec({ containers: WITHOUT_PROXY(spec), hostNetwork: true });
    case 'not wanted':
      return withLabels({ 'sidecar.istio.io/inject': 'false' });
    case 'user of the proxy':
      return withSpec({ securityContext: { runAsUser: 1337 } });
    case 'container as user of the proxy':
      return withSpec({
        containers: spec.containers.map(container => ({
          ...container,
          securityContext: { runAsUser: 1337 },
        })),
      });
    case 'ambient':
      return annotate(withSpec({ containers: WITHOUT_PROXY(spec) }), {
        'ambient.istio.io/redirection': 'enabled',
      });
    default:
      return pod;
  }
}

/** The given pods, some of them changed and some of them gone. */
export const markedPods = (
  pods: readonly KubeObject[],
): fc.Arbitrary<KubeObject[]> =>
  fc
    .tuple(
      ...pods.map(pod =>
        fc.record({
          pod: fc.constant(pod),
          mark: podMark,
          annotations,
          present: pick(true, true, true, true, false),
        }),
      ),
    )
    .map(list =>
      list
        .filter(({ present }) => present)
        .map(({ pod, mark, annotations: more }) =>
          annotate(markPod(pod, mark), more),
        ),
    );

/** The given Services with annotations, and with conditions of a waypoint. */
export const markedServices = (
  services: fc.Arbitrary<KubeObject[]>,
): fc.Arbitrary<KubeObject[]> =>
  services.chain(list =>
    fc
      .tuple(
        ...list.map(object =>
          fc.record({
            object: fc.constant(object),
            annotations: rarely(annotations, 3),
            bound: rarely(pick('True', 'False'), 8),
          }),
        ),
      )
      .map(marked =>
        marked.map(({ object, annotations: more, bound }) => ({
          ...annotate(object, more),
          ...(bound
            ? { status: conditions('istio.io/WaypointBound', bound) }
            : {}),
        })),
      ),
  );

/** A status as istiod writes it. */
export function conditions(
  type: string,
  status: string,
): Record<string, unknown> {
  return {
    conditions: [
      {
        type,
        status,
        reason: 'Told',
        message: 'as it was told',
        lastTransitionTime: '2026-01-02T00:00:00Z',
      },
    ],
  };
}

/** Services with port names of every kind, some of them aliases. */
export const oddServices: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace: pick('a', 'b'),
      app: pick('web', 'web', 'api', 'store', 'nobody'),
      external: rarely(fc.constant(true), 5),
      label: rarely(
        pick<Record<string, string>>(
          { istio: 'x' },
          { release: 'istio' },
          { 'gateway.istio.io/managed': 'istio.io-gateway-controller' },
        ),
        10,
      ),
      ports: fc.uniqueArray(
        fc
          .record({
            name: pick(
              'http',
              'http-x',
              'httpx',
              'tcp',
              'x',
              'mysql',
              'grpc-a',
              'HTTP',
            ),
            port: pick(80, 80, 443, 6000),
            targetPort: rarely(pick<number | string>(8080, 9000, 'web'), 2),
            protocol: pick('TCP', 'TCP', 'UDP'),
            appProtocol: rarely(pick('http', 'what', 'kubernetes.io/h2c'), 6),
          })
          .map(compact),
        { minLength: 1, maxLength: 2, selector: ({ name }) => name },
      ),
    }),
    { maxLength: 3 },
  )
  .map(list =>
    list.map(({ namespace, app, external, label, ports }, index) =>
      kubeObject(
        'Service',
        { namespace, name: `odd${index}`, ...(label ? { labels: label } : {}) },
        {
          spec: external
            ? { type: 'ExternalName', externalName: 'x.example.com', ports }
            : { selector: { app }, ports },
        },
      ),
    ),
  );

/** Deployments of the same applications, of which Services may disagree. */
export const deployments: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace: pick('a', 'a', 'b', 'shop'),
      app: pick('web', 'web', 'api', 'store'),
      mark: templateMark,
      annotations,
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map(list =>
    list.map(({ namespace, app, mark, annotations: more }, index) => {
      const { metadata, spec } = markPod(
        kubeObject(
          'Pod',
          { namespace, name: 'template', labels: { app } },
          { spec: { containers: [{ name: 'app', image: 'app' }] } },
        ),
        mark,
      );
      const { labels, annotations: own } = metadata;
      return annotate(
        kubeObject(
          'Deployment',
          {
            namespace,
            name: `deployment${index}`,
            labels: { app },
          },
          {
            spec: {
              selector: { matchLabels: { app } },
              template: {
                metadata: compact({ labels, annotations: own }),
                spec,
              },
            },
          },
        ),
        more,
      );
    }),
  );
