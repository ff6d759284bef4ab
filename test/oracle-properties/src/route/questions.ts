import * as fc from 'fast-check';
import { RouteRequest } from '@istio-backstage/plugin-istio-common';
import { compact, pick, sometimes } from './base';
import { GRPC_PATHS } from './gatewayApiOthers';
import { PATHS } from './virtualServices';

/** One question in the core's terms, with the pod it is asked from. */
export interface RouteQuestion {
  request: RouteRequest;
  /** Undefined: a workload that is no pod of the world. */
  pod?: string;
  mode: 'sidecar' | 'gateway';
}

const HOSTS = [
  'web',
  'web.a',
  'web.a.svc',
  'web.a.svc.cluster.local',
  'api.a.svc.cluster.local',
  'web.b',
  'web.b.svc.cluster.local',
  'store.b',
  'store.b.svc.cluster.local',
  'heads.b.svc.cluster.local',
  'pod-0.heads.b.svc.cluster.local',
  'ext.example.com',
  'cdn.wild.example.com',
  'other.example.org',
  'sub.example.org',
  'nobody.example.net',
  '10.96.0.1',
  '240.0.0.1',
];

/** Hosts with a port that they have, beside any of both. */
const KNOWN = [
  ['web.a', 80],
  ['web', 80],
  ['web.a.svc.cluster.local', 8080],
  ['api.a.svc.cluster.local', 80],
  ['store.b', 80],
  ['store.b.svc.cluster.local', 80],
  ['store.b.svc.cluster.local', 7000],
  ['web.b.svc', 80],
  ['heads.b.svc.cluster.local', 80],
  ['pod-0.heads.b.svc.cluster.local', 80],
  ['ext.example.com', 80],
  ['ext.example.com', 8080],
  ['cdn.wild.example.com', 80],
  ['other.example.org', 80],
] as const;

const CONNECTED = [
  ['store.b.svc.cluster.local', 9000],
  ['store.b', 443],
  ['store.b.svc.cluster.local', 7000],
  ['db.b', 3306],
  ['db.b.svc.cluster.local', 8080],
  ['240.0.0.1', 443],
  ['240.0.0.1', 9000],
  ['ext.example.com', 443],
  ['ext.example.com', 9000],
  ['cdn.wild.example.com', 443],
  ['other.example.org', 9000],
] as const;

const place = (
  known: readonly (readonly [string, number])[],
  ports: readonly number[],
) =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: pick(...known).map(([host, port]) => ({ host, port })),
    },
    {
      weight: 1,
      arbitrary: fc.record({ host: pick(...HOSTS), port: pick(...ports) }),
    },
  );

interface Caller {
  namespace: string;
  /** Undefined: a workload that is no pod of the world. */
  pod: string | undefined;
  labels: Record<string, string>;
}

const caller = pick<Caller>(
  { namespace: 'a', pod: 'web-v1', labels: { app: 'web', version: 'v1' } },
  { namespace: 'a', pod: 'api-v2', labels: { app: 'api', version: 'v2' } },
  { namespace: 'b', pod: 'store-v1', labels: { app: 'store', version: 'v1' } },
  { namespace: 'istio-system', pod: undefined, labels: { app: 'job' } },
);

const headers = fc.dictionary(
  pick('x-user', 'x-v', 'x-mixed'),
  pick('v1', 'v2', 'anna', 'other'),
  { maxKeys: 2 },
);

/** HTTP requests of workloads. */
export const httpQuestions: fc.Arbitrary<RouteQuestion> = fc
  .record({
    from: caller,
    place: place(KNOWN, [80, 8080, 7000, 6000, 9000, 443]),
    protocol: pick<'http' | 'http2'>('http', 'http', 'http2'),
    method: sometimes(pick('GET', 'POST')),
    path: pick(...PATHS),
    headers,
  })
  .map(({ from, place: at, ...rest }) => ({
    mode: 'sidecar',
    pod: from.pod,
    request: compact({
      ...at,
      ...rest,
      tls: false,
      from: {
        kind: 'workload' as const,
        namespace: from.namespace,
        labels: from.labels,
      },
    }),
  }));

/** gRPC calls of workloads. */
export const grpcQuestions: fc.Arbitrary<RouteQuestion> = fc
  .tuple(httpQuestions, pick(...GRPC_PATHS))
  .map(([question, path]) => ({
    ...question,
    request: { ...question.request, protocol: 'grpc', method: 'POST', path },
  }));

/** Connections of workloads: TCP, and TLS by server name. */
export const connectionQuestions: fc.Arbitrary<RouteQuestion> = fc
  .record({
    from: caller,
    place: place(CONNECTED, [443, 9000, 7000, 3306, 8080, 80, 6000]).filter(
      ({ host }) => !host.includes('heads'),
    ),
    kind: pick<'tcp' | 'tls' | 'https'>('tcp', 'tls', 'https'),
    sni: sometimes(
      pick(
        'ext.example.com',
        'cdn.wild.example.com',
        'other.example.org',
        'store.b.svc.cluster.local',
      ),
    ),
  })
  .map(({ from, kind, sni, place: { host, port } }) => ({
    mode: 'sidecar',
    pod: from.pod,
    request: compact({
      host,
      port,
      protocol: kind === 'https' ? ('http' as const) : ('tcp' as const),
      tls: kind !== 'tcp',
      sni: kind === 'tcp' ? undefined : sni ?? host,
      from: {
        kind: 'workload' as const,
        namespace: from.namespace,
        labels: from.labels,
      },
    }),
  }));
