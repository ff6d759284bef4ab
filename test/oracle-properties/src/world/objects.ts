import type {
  KindName,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { kubeObject } from '@istio-backstage/plugin-istio-common/testUtils';

/** A pod as the injector leaves it, or one it never saw. */
export function meshPod(options: {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  ip: string;
  sidecar: boolean;
  serviceAccount?: string;
  ports?: readonly { name: string; containerPort: number }[];
}): KubeObject {
  const { namespace, name, labels, ip, sidecar, serviceAccount, ports } =
    options;
  return kubeObject(
    'Pod',
    {
      namespace,
      name,
      labels: {
        ...labels,
        ...(sidecar ? { 'security.istio.io/tlsMode': 'istio' } : {}),
      },
    },
    {
      spec: {
        ...(serviceAccount ? { serviceAccountName: serviceAccount } : {}),
        containers: [
          {
            name: 'app',
            image: 'app',
            // The API server fills this in, and Istio compares it.
            ports: ports?.map(port => ({ protocol: 'TCP', ...port })),
          },
          ...(sidecar
            ? [{ name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.31.0' }]
            : []),
        ],
      },
      status: {
        podIP: ip,
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    },
  );
}

/** An object with its age: the oldest is day 1. */
export function aged(
  kind: KindName,
  options: {
    namespace: string;
    name: string;
    day: number;
    annotations?: Readonly<Record<string, string>>;
  },
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  const { namespace, name, day, annotations } = options;
  return kubeObject(
    kind,
    {
      namespace,
      name,
      creationTimestamp: `2026-01-0${day}T00:00:00Z`,
      ...(annotations ? { annotations: { ...annotations } } : {}),
    },
    { spec: { ...spec } },
  );
}
