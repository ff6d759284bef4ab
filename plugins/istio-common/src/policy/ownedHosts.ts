import type { EntityMatch, ServiceMatch } from '../entity/types';

/** What a component owns in one cluster. */
export interface OwnedHosts {
  domain: string;
  namespaces: string[];
  services: ServiceMatch[];
}

/** The component's share of one cluster, from its match. */
export function findOwned(options: {
  match: EntityMatch;
  cluster: string;
  domain: string;
}): OwnedHosts {
  const { match, cluster, domain } = options;
  const here = <T extends { cluster: string }>(items: T[]) =>
    items.filter(item => item.cluster === cluster);
  const services = here(match.services);
  return {
    domain,
    services,
    namespaces: [
      ...new Set(
        [...here(match.workloads), ...services].map(
          ({ namespace }) => namespace,
        ),
      ),
    ],
  };
}

/**
 * Whether a resolved host is one of the component's Services. `reviews.catalog` and
 * `reviews.catalog.svc` are not expanded by Istio; as literal names they are still the same Service's.
 */
export function isOwnHost(host: string, owned: OwnedHosts): boolean {
  return owned.services.some(({ name, namespace, host: full }) =>
    [full, `${name}.${namespace}.svc`, `${name}.${namespace}`].includes(host),
  );
}
