import type { KubeObject } from '../kubernetes/types';
import type { PodProbe } from './PodProbe';

const hostOf = (index: number) => `marker-${index}.compare.test`;

/** A ServiceEntry that means nothing but that everything before it has arrived. */
export function buildMarker(index: number): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'compare-marker', namespace: 'cmp' },
    spec: {
      hosts: [hostOf(index)],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address: '192.0.2.1' }],
    },
  };
}

/** Whether the routes of the Pod's Envoy know the marker; its admin page listens on the Pod's loopback. */
export async function showsMarker(
  probe: PodProbe,
  index: number,
): Promise<boolean> {
  const { body = '' } = await probe.http({
    url: 'http://127.0.0.1:15000/config_dump?resource=dynamic_route_configs',
  });
  return body.includes(`${hostOf(index)}:80`);
}
