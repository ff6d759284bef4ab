import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  ComponentExposure,
  ComponentResilience,
  isAboutComponent,
  ExposureAnswer,
  RequestAnswer,
  RequestQuestion,
  ResilienceAnswer,
  resolveExposure,
  resolveResilience,
  resolveRoute,
} from '@istio-backstage/plugin-istio-common';
import { ResultCache } from '../caching/ResultCache';
import type { GatewayCertificates } from './GatewayCertificates';
import type { ClusterStatuses } from './ClusterStatuses';
import type { LocatedComponent } from './ComponentResolver';

/** Days are told of certificates: a minute makes no difference, and lets answers be kept. */
const CLOCK_MS = 60_000;

/** What the routing objects say of a component: each answer once per state of its clusters. */
export class TrafficRuleReader {
  private readonly resilienceAnswers = new ResultCache<ResilienceAnswer[]>(
    1_000,
  );
  private readonly exposureAnswers = new ResultCache<ExposureAnswer[]>(1_000);

  constructor(
    private readonly options: {
      statuses: ClusterStatuses;
      certificates: Pick<GatewayCertificates, 'of'>;
      now?: () => number;
    },
  ) {}

  resilience(located: LocatedComponent): ComponentResilience {
    const { match, snapshots } = located;
    return {
      ...this.surroundings(located),
      items: this.resilienceAnswers.get({
        key: keyOf(located),
        dependsOn: [match, ...snapshots],
        compute: () =>
          snapshots
            .filter(({ cluster }) => isIn(located, cluster))
            .map(snapshot => resolveResilience({ snapshot, match })),
      }),
    };
  }

  async exposure(located: LocatedComponent): Promise<ComponentExposure> {
    const { match, snapshots } = located;
    const { certificates, now = Date.now } = this.options;
    const here = snapshots.filter(({ cluster }) => isIn(located, cluster));
    const minute = Math.floor(now() / CLOCK_MS) * CLOCK_MS;
    const known = await Promise.all(
      here.map(snapshot => certificates.of(snapshot)),
    );
    return {
      ...this.surroundings(located),
      items: this.exposureAnswers.get({
        key: keyOf(located),
        dependsOn: [match, ...snapshots, minute, ...known],
        compute: () =>
          here.map((snapshot, index) =>
            resolveExposure({
              snapshot,
              match,
              now: minute,
              certificates: known[index],
            }),
          ),
      }),
    };
  }

  ask(located: LocatedComponent, question: RequestQuestion): RequestAnswer {
    const { entityRef, match, snapshots } = located;
    const { cluster, ...request } = question;
    const snapshot = snapshots.find(each => each.cluster === cluster);
    if (!snapshot) {
      throw new ServiceUnavailableError(
        `Cluster ${cluster} has no data yet, so the request cannot be followed`,
      );
    }
    const answer = resolveRoute({ snapshot, request });
    if (!isAboutComponent({ match, cluster, request, answer })) {
      throw new InputError(
        `The request neither starts at a workload of ${entityRef} nor leads to it`,
      );
    }
    const [status] = this.options.statuses.describe([cluster]);
    return { entityRef, question, answer, cluster: status };
  }

  private surroundings({ entityRef, clusters, errors }: LocatedComponent) {
    return {
      entityRef,
      clusters: this.options.statuses.describe(clusters),
      errors,
    };
  }
}

function keyOf({ entityRef, clusters }: LocatedComponent): string {
  return `${entityRef} ${clusters.join(',')}`;
}

/** Nothing is said of a cluster that the component does not run in. */
function isIn({ match }: LocatedComponent, cluster: string): boolean {
  return [...match.workloads, ...match.services].some(
    each => each.cluster === cluster,
  );
}
