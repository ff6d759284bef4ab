import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { hash32 } from '../../traffic/hash';
import type { ScenarioWorkload } from '../schema';
import { momentOf, timestamp, WorldTimes } from '../timeline';

type Port = ScenarioWorkload['ports'][number];

/** ServiceAccount and Services of a workload. */
export function serviceObjects(
  workload: ScenarioWorkload,
  times: WorldTimes,
): KubeObject[] {
  const oldest = [...workload.versions].sort(
    (a, b) => momentOf(times, a.age) - momentOf(times, b.age),
  )[0];
  const creationTimestamp = timestamp(momentOf(times, oldest.age));
  const service = (options: ServiceParts) =>
    serviceObject(workload, creationTimestamp, options);
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: workload.serviceAccount ?? workload.name,
        namespace: workload.namespace,
        creationTimestamp,
      },
    },
    ...(workload.ports.length > 0
      ? [
          service({
            name: workload.name,
            ports: workload.ports,
            selector: { app: workload.name },
            labels: {},
          }),
        ]
      : []),
    ...workload.services.map(extra =>
      service({
        name: extra.name,
        ports: extra.ports,
        selector: { app: workload.name, ...extra.selector },
        labels: extra.labels,
      }),
    ),
  ];
}

interface ServiceParts {
  name: string;
  ports: Port[];
  selector: Record<string, string>;
  labels: Record<string, string>;
}

function serviceObject(
  workload: ScenarioWorkload,
  creationTimestamp: string,
  options: ServiceParts,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: options.name,
      namespace: workload.namespace,
      creationTimestamp,
      labels: { app: workload.name, ...workload.labels, ...options.labels },
    },
    spec: {
      type: workload.kind === 'gateway' ? 'LoadBalancer' : 'ClusterIP',
      clusterIP: clusterIp(`${workload.namespace}/${options.name}`),
      selector: options.selector,
      ports: options.ports.map(port => ({
        name: port.name,
        port: port.port,
        targetPort: port.targetPort ?? port.port,
        protocol: 'TCP',
        ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}),
      })),
    },
  };
}

function clusterIp(seed: string): string {
  const number = hash32(`${seed}/clusterip`);
  return `10.96.${(number >>> 8) % 250}.${1 + (number % 250)}`;
}
