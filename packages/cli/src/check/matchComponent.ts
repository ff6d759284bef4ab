import {
  type EntityMatch,
  type MeshSnapshot,
  type PolicyInput,
  readService,
  serviceHost,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';

/** Whose objects are judged, as the guardrails ask for it. */
export type CheckedComponent = Pick<
  PolicyInput,
  'match' | 'teamNamespaces' | 'requester'
>;

/**
 * Without Services the team's namespaces as a whole. With `--service` one component, as in the portal:
 * these Services and the workloads behind them, and nothing else of the namespace.
 */
export function matchComponent(options: {
  team: string | undefined;
  services: readonly { namespace: string; name: string }[];
  snapshot: MeshSnapshot;
  namespaces: readonly string[];
}): CheckedComponent {
  const { team, services, namespaces } = options;
  const match: EntityMatch = {
    workloads: [],
    services: [],
    nearMisses: [],
    ...(team !== undefined && {
      claim: {
        entityRef: '',
        ownerRef: team,
        clusters: [],
        selector: {},
        selectorFrom: '',
        services: [],
      },
    }),
  };
  if (services.length === 0) {
    return { match, teamNamespaces: namespaces };
  }
  for (const service of services) {
    addService(match, { ...options, service });
  }
  return { match };
}

/** The Service and the workloads behind it. Throws `BadInput` for one that is not there, or not the team's. */
function addService(
  match: EntityMatch,
  given: {
    service: { namespace: string; name: string };
    snapshot: MeshSnapshot;
    namespaces: readonly string[];
  },
): void {
  const { snapshot, namespaces } = given;
  const { namespace, name } = given.service;
  const { cluster } = snapshot;
  const object = snapshot.get('Service', namespace, name);
  if (!object) {
    throw new BadInput(
      `--service ${namespace}/${name}: there is no such Service in the files`,
    );
  }
  if (!namespaces.includes(namespace)) {
    throw new BadInput(
      `--service ${namespace}/${name}: the namespace is not one of the team's (${
        namespaces.join(', ') || 'it has none'
      })`,
    );
  }
  const why = '--service';
  match.services.push({
    cluster,
    namespace,
    name,
    host: serviceHost({ namespace, name }, snapshot.domain),
    ports: [],
    why,
  });
  for (const key of snapshot.workloadsMatching(
    namespace,
    readService(object).selector,
  )) {
    match.workloads.push({
      cluster,
      ...key,
      podsReady: 0,
      podsDesired: 0,
      why,
    });
  }
}
