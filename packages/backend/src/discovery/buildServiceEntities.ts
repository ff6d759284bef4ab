import type { Entity } from '@backstage/catalog-model';

/** The fields of a Kubernetes Service that make a component. */
export interface DiscoveredService {
  namespace: string;
  name: string;
  selector: Record<string, string>;
  /** `istio-portal.dev/owner` of the Service, else of its namespace. */
  owner?: string;
}

const VERSION_LABELS = new Set(['version', 'app.kubernetes.io/version']);

/**
 * One component per name and namespace. A Service whose selector names a version belongs to the
 * component of the selector without it, so that `reviews-v1` and `reviews-v2` do not stand beside `reviews`.
 */
export function buildServiceEntities(options: {
  services: DiscoveredService[];
  cluster: string;
  defaultOwner: string;
}): Entity[] {
  const entities = new Map<string, Entity>();
  const components = options.services.filter(
    service =>
      Object.keys(service.selector).length > 0 &&
      !Object.keys(service.selector).some(label => VERSION_LABELS.has(label)),
  );
  for (const service of components) {
    const key = `${service.namespace}/${service.name}`;
    const unique =
      components.filter(other => other.name === service.name).length === 1;
    entities.set(key, {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: unique ? service.name : `${service.namespace}.${service.name}`,
        title: service.name,
        annotations: {
          'backstage.io/managed-by-location': `url:https://kubernetes.invalid/${options.cluster}`,
          'backstage.io/managed-by-origin-location': `url:https://kubernetes.invalid/${options.cluster}`,
          'backstage.io/kubernetes-namespace': service.namespace,
          'backstage.io/kubernetes-label-selector': Object.entries(
            service.selector,
          )
            .map(([label, value]) => `${label}=${value}`)
            .join(','),
        },
      },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: service.owner ?? options.defaultOwner,
      },
    });
  }
  return [...entities.values()];
}
