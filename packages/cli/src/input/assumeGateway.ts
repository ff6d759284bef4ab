import { KubeObject } from '@istio-backstage/plugin-istio-common';

const LABEL = { istio: 'ingressgateway' };
const NAME = 'istio-ingressgateway';

/**
 * The ingress gateway that an installation of Istio comes with, unless the objects have one: files of a team
 * name it and rarely hold it. Source: istio/istio pkg/config/analysis/local/defaults.go, which istioctl adds to
 * files in the same way.
 */
export function assumeGateway(
  objects: readonly KubeObject[],
  mesh: {
    rootNamespace: string;
    meshConfig: Readonly<Record<string, unknown>> | undefined;
  },
): KubeObject[] {
  const { rootNamespace, meshConfig } = mesh;
  const isThere = objects.some(
    ({ kind, metadata }) =>
      kind === 'Service' &&
      metadata.namespace === rootNamespace &&
      metadata.name === NAME,
  );
  if (isThere || meshConfig?.ingressControllerMode === 'OFF') {
    return [];
  }
  const metadata = { name: NAME, namespace: rootNamespace };
  const ports = [
    { name: 'http2', port: 80, targetPort: 80 },
    { name: 'https', port: 443, targetPort: 443 },
    { name: 'tcp', port: 31400, targetPort: 31400 },
    { name: 'tls', port: 15443, targetPort: 15443 },
  ];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: LABEL, ports },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels: LABEL },
      spec: {
        containers: [{ name: 'istio-proxy', args: ['proxy', 'router'] }],
      },
    },
  ];
}
