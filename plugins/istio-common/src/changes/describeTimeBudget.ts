import type { EntityMatch } from '../entity/types';
import type { Sentence } from '../mesh/health/types';
import { resolveResilience } from '../mesh/resilience/resolveResilience';
import { serviceHost, serviceOfHost } from '../resources/host';
import { namespacedName } from '../resources/objectKey';
import type { MeshSnapshot } from '../snapshot/types';
import { formatList } from '../telemetry/format';
import type { TrafficObservation } from '../telemetry/types';

interface ServiceName {
  namespace: string;
  name: string;
}

/** Services told on either side before they are only counted. */
const TOLD = 3;

/**
 * The time limits along the path of calls that was seen: how long the callers' own callers wait for them,
 * how long callers wait for the component, and how long it waits for what it calls. Undefined where no
 * call was seen. A limit must get shorter along the path, or a caller gives up while work goes on.
 */
export function describeTimeBudget(options: {
  /** As it would be. */
  snapshot: MeshSnapshot;
  match: EntityMatch;
  observation: TrafficObservation;
}): Sentence | undefined {
  const { snapshot, match, observation } = options;
  const own = match.services.filter(
    ({ cluster }) => cluster === snapshot.cluster,
  );
  const workloads = new Set(
    match.workloads
      .filter(({ cluster }) => cluster === snapshot.cluster)
      .map(namespacedName),
  );
  const sent = observation.requests.filter(
    ({ reporter, requests }) => reporter === 'source' && requests > 0,
  );
  const hosts = new Set(own.map(({ host }) => host));
  const callers = sent.filter(({ destinationService }) =>
    hosts.has(destinationService ?? ''),
  );
  const callees = sent.filter(({ source }) =>
    workloads.has(`${source.namespace}/${source.workload}`),
  );
  const above = uniqueServices(
    callers.flatMap(({ source }) => servicesOfWorkload(snapshot, source)),
  );
  const below = uniqueServices(
    callees.flatMap(
      ({ destinationService }) =>
        serviceOfHost(destinationService ?? '', snapshot.domain) ?? [],
    ),
  ).filter(service => !hosts.has(serviceHost(service, snapshot.domain)));
  const limits = [
    ...tellLimits(snapshot, above),
    ...tellLimits(snapshot, own),
    ...tellLimits(snapshot, below),
  ];
  return above.length + below.length === 0 || limits.length === 0
    ? undefined
    : [{ text: `Time limits along the path of calls: ${limits.join(', ')}.` }];
}

function servicesOfWorkload(
  snapshot: MeshSnapshot,
  { namespace, workload }: { namespace?: string; workload?: string },
): ServiceName[] {
  if (namespace === undefined || workload === undefined) {
    return [];
  }
  return (['Deployment', 'StatefulSet', 'DaemonSet'] as const).flatMap(kind =>
    snapshot
      .servicesOf({ kind, namespace, name: workload })
      .map(({ metadata }) => ({
        namespace: metadata.namespace ?? namespace,
        name: metadata.name,
      })),
  );
}

function uniqueServices(services: ServiceName[]): ServiceName[] {
  return [
    ...new Map(
      services.map(({ namespace, name }) => [
        `${namespace}/${name}`,
        { namespace, name },
      ]),
    ).values(),
  ];
}

/** "reviews within 5 s", the limits that callers in its own namespace keep. */
function tellLimits(
  snapshot: MeshSnapshot,
  services: readonly ServiceName[],
): string[] {
  const told = services.slice(0, TOLD).map(service => {
    const limits = timeoutsOf(snapshot, service);
    return `${service.name} ${
      limits.length === 0 ? 'without limit' : `within ${formatList(limits)}`
    }`;
  });
  return services.length > TOLD
    ? [...told, `${services.length - TOLD} more`]
    : told;
}

function timeoutsOf(snapshot: MeshSnapshot, service: ServiceName): string[] {
  const { namespace, name } = service;
  const { routes } = resolveResilience({
    snapshot,
    match: {
      workloads: [],
      services: [
        {
          cluster: snapshot.cluster,
          namespace,
          name,
          host: serviceHost(service, snapshot.domain),
          ports: [],
          why: '',
        },
      ],
      nearMisses: [],
    },
  });
  const limits = routes.flatMap(({ settings }) =>
    settings
      .filter(({ setting }) => setting === 'timeout')
      .map(({ state, text }) => (state === 'on' ? text : 'no limit')),
  );
  const set = [...new Set(limits)];
  return set.length === 1 && set[0] === 'no limit' ? [] : set;
}
