import { fieldsListOf, fieldsOf, labelsOf } from '../../resources/fields';
import type { KindName } from '../../resources/kinds';
import {
  isEmptySelector,
  matchesLabels,
  type Labels,
} from '../../resources/selector';
import type { MeshService } from '../../mesh/route/serviceModel';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { WORKLOAD_KINDS } from '../selectedWorkloads';

/** The kinds that tell the endpoints of a service. */
export const ENDPOINT_KINDS: readonly KindName[] = [
  ...WORKLOAD_KINDS,
  'WorkloadEntry',
];

/** Why nothing stands behind a service, or a part of it. */
export type Emptiness = 'selectsNothing' | 'scaledToZero';

/** Labels that Istio adds to endpoints from where they run; objects do not carry them. */
const PLACE =
  /^(topology\.(kubernetes|istio)\.io\/|failure-domain\.|istio-locality$|kubernetes\.io\/hostname$)/;

/**
 * Whether the service has no endpoint with these labels; undefined where it has some, or nobody can say:
 * endpoints that are written by hand, resolved by name, or told apart by where they run.
 *
 * Source: istio/istio pilot/pkg/serviceregistry/util/label AugmentLabels; analyzers/destinationrule/subset.go.
 */
export function emptinessOf(
  snapshot: MeshSnapshot,
  service: MeshService,
  labels: Labels,
): Emptiness | undefined {
  if (Object.keys(labels).some(key => PLACE.test(key))) {
    return undefined;
  }
  const { selector = {}, namespace } = service;
  if (isEmptySelector(selector)) {
    return writtenEmptiness(service, labels);
  }
  const contradicts = Object.keys(labels).some(
    key => key in selector && selector[key] !== labels[key],
  );
  if (contradicts) {
    return 'selectsNothing';
  }
  const wanted = { ...selector, ...labels };
  const outside = snapshot
    .inNamespace('WorkloadEntry', namespace)
    .some(({ spec }) => matchesLabels(wanted, labelsOf(fieldsOf(spec).labels)));
  if (outside) {
    return undefined;
  }
  const workloads = snapshot.workloadsMatching(namespace, wanted);
  if (workloads.length === 0) {
    return 'selectsNothing';
  }
  return workloads.every(key => wantsNoPods(snapshot, key))
    ? 'scaledToZero'
    : undefined;
}

function wantsNoPods(snapshot: MeshSnapshot, key: WorkloadKey): boolean {
  const object = snapshot.workload(key);
  return !object || readWorkload(object).podsDesired === 0;
}

/** Endpoints that a ServiceEntry lists, each with its labels. */
function writtenEmptiness(
  { registry, object }: MeshService,
  labels: Labels,
): Emptiness | undefined {
  const endpoints =
    registry === 'external'
      ? fieldsListOf(fieldsOf(object.spec).endpoints)
      : [];
  return endpoints.length === 0 ||
    endpoints.some(endpoint => matchesLabels(labels, labelsOf(endpoint.labels)))
    ? undefined
    : 'selectsNothing';
}
