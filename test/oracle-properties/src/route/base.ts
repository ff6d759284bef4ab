import * as fc from 'fast-check';
import { KubeObject } from '@istio-backstage/plugin-istio-common';
import {
  namespace,
  service,
} from '@istio-backstage/plugin-istio-common/testUtils';
import { aged, meshPod } from '../world/objects';

/** One of some values. */
export const pick = <T>(...values: T[]): fc.Arbitrary<T> =>
  fc.constantFrom(...values);

/** Present once in so many times. */
export const rarely = <T>(
  value: fc.Arbitrary<T>,
  times: number,
): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { weight: times - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  );

/** Present once in three times. */
export const sometimes = <T>(value: fc.Arbitrary<T>) => rarely(value, 3);

/** Leaves out the fields that are undefined. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined),
  ) as T;
}

interface ServiceShape {
  namespace: string;
  name: string;
  ip: string;
  ports: {
    name: string;
    port: number;
    targetPort: number;
    appProtocol?: string;
  }[];
}

const HTTP = { name: 'http', port: 80, targetPort: 8080 };
const ALT = { name: 'http-alt', port: 8080, targetPort: 8081 };
const RAW = { name: 'tcp-raw', port: 9000, targetPort: 9000 };
const SEEN = { name: 'seen', port: 7000, targetPort: 7000 };
const CLOSED = { name: 'https', port: 443, targetPort: 8443 };

const SHAPES: readonly ServiceShape[] = [
  { namespace: 'a', name: 'web', ip: '10.96.0.1', ports: [HTTP, ALT] },
  { namespace: 'a', name: 'api', ip: '10.96.0.2', ports: [HTTP] },
  { namespace: 'b', name: 'web', ip: '10.96.0.3', ports: [HTTP] },
  {
    namespace: 'b',
    name: 'store',
    ip: '10.96.0.4',
    ports: [HTTP, RAW, SEEN, CLOSED],
  },
  {
    namespace: 'b',
    name: 'db',
    ip: '10.96.0.5',
    ports: [
      { ...RAW, port: 3306 },
      { ...RAW, name: 'tcp-b', port: 8080 },
    ],
  },
  { namespace: 'b', name: 'heads', ip: 'None', ports: [HTTP, SEEN] },
];

/** Address of a pod behind `heads`. */
export const HEADLESS_POD = '10.1.5.1';

/** The pods of the worlds, by name; questions are asked from some of them. */
export const PODS: readonly KubeObject[] = SHAPES.flatMap((shape, index) =>
  // A second pod behind `heads` would make the oracle ask twice for the routes of its detected port.
  (shape.name === 'heads' ? ['v1'] : ['v1', 'v2']).map((version, replica) =>
    meshPod({
      namespace: shape.namespace,
      name: `${shape.name}-${version}`,
      labels: { app: shape.name, version },
      ip: `10.1.${index}.${replica + 1}`,
      sidecar: true,
    }),
  ),
);

export const NAMESPACES: readonly KubeObject[] = ['a', 'b', 'istio-system'].map(
  name => namespace({ name, labels: { team: name } }),
);

/** Kubernetes Services, some of them exported to some namespaces only. */
export const services: fc.Arbitrary<KubeObject[]> = fc
  .tuple(
    ...SHAPES.map(shape =>
      fc.record({
        shape: fc.constant(shape),
        exportTo: rarely(pick('.', '*', 'a', 'b', '~', 'a,b'), 10),
        day: fc.integer({ min: 1, max: 3 }),
        extra: rarely(pick('http', 'tcp', 'x', 'mysql'), 5),
      }),
    ),
  )
  .map(list =>
    list.map(({ shape, exportTo, day, extra }) => {
      const { namespace: ns, name, ip } = shape;
      const ports = extra
        ? [...shape.ports, { name: `${extra}-e`, port: 6000, targetPort: 6000 }]
        : shape.ports;
      const built = service({
        namespace: ns,
        name,
        ports: ports.map(port => ({ protocol: 'TCP', ...port })),
        spec: { clusterIP: ip, type: 'ClusterIP' },
      });
      const object = aged(
        'Service',
        {
          namespace: ns,
          name,
          day,
          ...(exportTo
            ? { annotations: { 'networking.istio.io/exportTo': exportTo } }
            : {}),
        },
        built.spec ?? {},
      );
      return object;
    }),
  );

/** Where rules are for and send to. */
export const MESH_HOSTS = [
  'web',
  'api',
  'web.a.svc.cluster.local',
  'api.a.svc.cluster.local',
  'web.b.svc.cluster.local',
  'store.b.svc.cluster.local',
  'heads.b.svc.cluster.local',
  'ext.example.com',
];

export const exportTo: fc.Arbitrary<string[] | undefined> = rarely(
  pick(['.'], ['*'], ['a'], ['b'], ['a', 'b'], ['.', 'b']),
  3,
);

export const day = fc.integer({ min: 1, max: 4 });
export const inNamespace = pick('a', 'b', 'istio-system');
