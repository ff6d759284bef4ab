import {
  formatList,
  formatRate,
  type ComponentSecurity,
  type DescribedPolicy,
  type ObservedCaller,
} from '@istio-backstage/plugin-istio-common';
import { ANY, type DraftCaller } from './draft';

/** Somebody who was seen calling, to be picked. */
export interface PickableCaller {
  key: string;
  label: string;
  /** "2.1 per second, storefront-team" */
  note: string;
  ownerRef?: string;
  /** What picking adds; absent: it proved no identity, so no rule can name it. */
  caller?: DraftCaller;
}

/** Who was seen calling, most calls first. */
export function pickableCallers(
  callers: readonly ObservedCaller[],
): PickableCaller[] {
  return callers.map(caller => {
    const { namespace, workload, principal, ownerRef, perSecond } = caller;
    return {
      key: `${namespace ?? ''}/${workload ?? principal ?? ''}`,
      label: workload ?? 'Unknown caller',
      note: `${formatRate(perSecond)} per second`,
      ...(ownerRef && { ownerRef }),
      ...(principal && {
        caller: { principal: principal.replace(/^spiffe:\/\//, ''), ...ANY },
      }),
    };
  });
}

/** Policies that the form can edit: those of the Service's namespace that allow or deny. */
export function editablePolicies(
  access: ComponentSecurity['access'],
  namespace: string | undefined,
): DescribedPolicy[] {
  return (access?.policies ?? []).filter(
    ({ action, object }) =>
      (action === 'ALLOW' || action === 'DENY') &&
      object.namespace === namespace,
  );
}

/** "payments/allow-callers: allows, on trial" */
export function nameOfPolicy(policy: DescribedPolicy): string {
  const { action, dryRun, object, clusters } = policy;
  return `${object.name}: ${action === 'ALLOW' ? 'allows' : 'denies'}${
    dryRun ? ', on trial' : ''
  }, ${formatList(clusters)}`;
}

/** The trust domain that identities of this mesh were seen with; Istio's default where none was. */
export function trustDomainOf(callers: readonly ObservedCaller[]): string {
  const [principal] = callers.flatMap(caller => caller.principal ?? []);
  return (
    principal?.replace(/^spiffe:\/\//, '').split('/')[0] ?? 'cluster.local'
  );
}
