import type { DiscoveredService } from './buildServiceEntities';

const OWNER = 'istio-portal.dev/owner';
const SYSTEM_NAMESPACES = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'istio-system',
]);

/** Services that select pods, with the owner their namespace names. */
export async function readClusterServices(options: {
  file: string;
  context?: string;
}): Promise<DiscoveredService[]> {
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(options.file);
  if (options.context) {
    kubeConfig.setCurrentContext(options.context);
  }
  const api = kubeConfig.makeApiClient(CoreV1Api);
  const [namespaces, services] = await Promise.all([
    api.listNamespace(),
    api.listServiceForAllNamespaces(),
  ]);
  const ownerOf = new Map(
    namespaces.items.map(item => [
      item.metadata?.name,
      item.metadata?.annotations?.[OWNER],
    ]),
  );
  return services.items.flatMap(item => {
    const { name, namespace, annotations } = item.metadata ?? {};
    if (
      !name ||
      !namespace ||
      !item.spec?.selector ||
      SYSTEM_NAMESPACES.has(namespace)
    ) {
      return [];
    }
    return [
      {
        name,
        namespace,
        selector: item.spec.selector,
        owner: annotations?.[OWNER] ?? ownerOf.get(namespace),
      },
    ];
  });
}
