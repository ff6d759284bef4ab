import type { EntityMatch, ServiceMatch } from '../entity/types';
import type { TeamSettings } from './settings';

/** What a component owns in one cluster. */
export interface OwnedHosts {
  domain: string;
  namespaces: string[];
  services: ServiceMatch[];
  /** Namespaces all of whose Services are owned. */
  whole: readonly string[];
  /** What its team holds beyond its namespaces. */
  team: TeamSettings;
}

/** The component's share of one cluster, from its match. */
export function findOwned(options: {
  match: EntityMatch;
  cluster: string;
  domain: string;
  team: TeamSettings;
  teamNamespaces?: readonly string[];
}): OwnedHosts {
  const { match, cluster, domain, team, teamNamespaces = [] } = options;
  const here = <T extends { cluster: string }>(items: T[]) =>
    items.filter(item => item.cluster === cluster);
  const services = here(match.services);
  return {
    domain,
    team,
    services,
    whole: teamNamespaces,
    namespaces: [
      ...new Set([
        ...[...here(match.workloads), ...services].map(
          ({ namespace }) => namespace,
        ),
        ...teamNamespaces,
      ]),
    ],
  };
}

/**
 * Whether a resolved host is one of the component's Services. `reviews.catalog` and
 * `reviews.catalog.svc` are not expanded by Istio; as literal names they are still the same Service's.
 */
export function isOwnHost(host: string, owned: OwnedHosts): boolean {
  return (
    owned.services.some(({ name, namespace, host: full }) =>
      [full, `${name}.${namespace}.svc`, `${name}.${namespace}`].includes(host),
    ) || isOfNamespaces(host, owned)
  );
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Whether it names a Service of a namespace that is owned as a whole, in one of the three ways to write it. */
function isOfNamespaces(
  host: string,
  { domain, whole }: Pick<OwnedHosts, 'domain' | 'whole'>,
): boolean {
  const [name, namespace, ...rest] = host.split('.');
  return (
    LABEL.test(name) &&
    whole.includes(namespace) &&
    ['', 'svc', `svc.${domain}`].includes(rest.join('.'))
  );
}

/** Whether the component takes part in the ownership of a Service at all. */
export function isOwnService(
  service: { namespace: string; name: string },
  owned: OwnedHosts,
): boolean {
  return (
    owned.whole.includes(service.namespace) ||
    owned.services.some(
      ({ name, namespace }) =>
        name === service.name && namespace === service.namespace,
    )
  );
}
