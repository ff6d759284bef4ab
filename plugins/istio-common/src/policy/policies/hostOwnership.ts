import type { GuardrailVerdict, PlanOperation } from '../../changes/types';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { findForeignHosts, findTakenServices } from '../findForeignHosts';
import { findForeignTargets } from '../findForeignTargets';
import { findOwned, type OwnedHosts } from '../ownedHosts';
import type { Policy, PolicyInput } from '../types';

/**
 * Whoever may write a VirtualService can put any host on the mesh and take its callers' requests, in
 * every namespace (ISTIO-SECURITY-2026-002; Istio does not mend it). So an object must be in a
 * namespace of the component, and every host it takes must be a Service of the component.
 */
export const hostOwnership: Policy = {
  id: 'host-ownership',
  description: "Only the component's own hosts are routed",
  evaluate(input) {
    const { plan, match, snapshots } = input;
    const verdicts = plan.operations.flatMap(operation => {
      const { cluster } = operation.object;
      const domain = snapshots.find(each => each.cluster === cluster)?.domain;
      return domain === undefined
        ? [
            {
              policy: this.id,
              verdict: 'unknown' as const,
              text: `There is no data of ${cluster} to tell whose hosts ${describeObject(
                operation.object,
              )} takes`,
            },
          ]
        : judge(this.id, operation, findOwned({ match, cluster, domain }));
    });
    return verdicts.length > 0 ? verdicts : [pass(this.id, input)];
  },
};

/** "Host reviews belongs to catalog-team" */
function pass(policy: string, input: PolicyInput): GuardrailVerdict {
  const { plan, match, snapshots } = input;
  const taken = plan.operations.flatMap(({ object, before, after }) => {
    const domain = snapshots.find(
      ({ cluster }) => cluster === object.cluster,
    )?.domain;
    return domain === undefined
      ? []
      : findTakenServices(
          (after ?? before) as unknown as KubeObject,
          findOwned({ match, cluster: object.cluster, domain }),
        );
  });
  const hosts = [...new Set(taken)];
  const owner = match.claim?.ownerRef;
  const whose = owner
    ? owner.slice(owner.lastIndexOf('/') + 1)
    : 'this component';
  return {
    policy,
    verdict: 'pass',
    text:
      hosts.length === 0
        ? 'No host of another component is routed'
        : `${hosts.length === 1 ? 'Host' : 'Hosts'} ${hosts.join(', ')} ${
            hosts.length === 1 ? 'belongs' : 'belong'
          } to ${whose}`,
  };
}

function judge(
  policy: string,
  operation: PlanOperation,
  owned: OwnedHosts,
): GuardrailVerdict[] {
  const { object, before, after } = operation;
  const name = describeObject(object);
  const deny = (text: string): GuardrailVerdict => ({
    policy,
    verdict: 'deny',
    text,
  });
  if (!object.namespace || !owned.namespaces.includes(object.namespace)) {
    return [
      deny(
        `${name} is not in a namespace of this component in ${
          object.cluster
        } (${owned.namespaces.join(', ') || 'it has none there'})`,
      ),
    ];
  }
  const subject = (after ?? before) as KubeObject;
  const foreign = findForeignHosts({
    subject,
    before: before as KubeObject | undefined,
    owned,
  });
  return [
    ...foreign.map(host =>
      deny(`Host ${host} of ${name} is not a Service of this component`),
    ),
    ...(after
      ? findForeignTargets({
          before: before as KubeObject | undefined,
          after: subject,
          owned,
        }).map(
          (target): GuardrailVerdict => ({
            policy,
            verdict: 'warn',
            text: `${name} sends more requests to ${target}, which is not a Service of this component`,
          }),
        )
      : []),
  ];
}
