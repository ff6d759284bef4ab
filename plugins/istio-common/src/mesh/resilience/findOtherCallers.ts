import { readDestinationRule } from '../../resources/destinationRule';
import { hostSpecificity, resolveHost } from '../../resources/host';
import { compareByAge, namespacedName } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import { findDestinationRule } from '../route/destinationRules';
import { ProxyView } from '../route/proxyView';
import { scopeService } from '../route/scopeServices';
import { MeshService } from '../route/serviceModel';
import { ResilienceAnswer } from './types';

/**
 * DestinationRules that other callers of the hosts have instead: of their own namespace, or for selected
 * workloads.
 */
export function findOtherCallers(
  view: ProxyView,
  hosts: ReadonlySet<string>,
): ResilienceAnswer['otherCallers'] {
  const { snapshot } = view;
  const services = [...hosts].flatMap(host => scopeService(view, host) ?? []);
  return [...snapshot.list('DestinationRule')]
    .sort(compareByAge)
    .filter(object =>
      services.some(service => decidesElsewhere(view, object, service)),
    )
    .map(object => ({
      object: snapshot.refOf(object),
      text: describeCallers(object),
    }));
}

/** Whether a client of the rule's own kind gets this rule, and the client of the view does not. */
function decidesElsewhere(
  view: ProxyView,
  object: KubeObject,
  service: MeshService,
): boolean {
  const { snapshot } = view;
  const { namespace = '' } = object.metadata;
  const { host, workloadSelector } = readDestinationRule(object);
  const own = resolveHost(host, { namespace, domain: snapshot.domain });
  if (hostSpecificity(own, service.host) === undefined) {
    return false;
  }
  const rulesFor = (client: {
    namespace: string;
    labels: ProxyView['labels'];
  }) => findDestinationRule({ snapshot, client, service })?.objects ?? [];
  return (
    !rulesFor(view).includes(object) &&
    rulesFor({ namespace, labels: workloadSelector ?? {} }).includes(object)
  );
}

function describeCallers(object: KubeObject): string {
  const { workloadSelector } = readDestinationRule(object);
  const labels = Object.entries(workloadSelector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  const which = labels ? ` with the labels ${labels}` : '';
  return `Callers in namespace ${
    object.metadata.namespace
  }${which} have DestinationRule ${namespacedName(object.metadata)} instead.`;
}
