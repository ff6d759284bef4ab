import { describeObject } from '../../resources/objectKey';
import { findForeignHosts, findTakenServices } from '../findForeignHosts';
import { findForeignTargets } from '../findForeignTargets';
import { holdsExternalHost } from '../heldHosts';
import { isMeshHost } from '../isMeshHost';
import { isPlatform } from '../isPlatform';
import {
  type JudgedObject,
  judgeObjects,
  type ObjectVerdict,
} from '../judgeObjects';
import { ownedBy } from '../ownedBy';
import type { Policy, PolicyInput } from '../types';

/**
 * Whoever may write a VirtualService can put any host on the mesh and take its callers' requests, in
 * every namespace (ISTIO-SECURITY-2026-002; Istio does not mend it). So an object must be in a
 * namespace of the component, and every host it takes must be a Service of the component or on its
 * team's list.
 */
export const hostOwnership: Policy = {
  id: 'host-ownership',
  description: "Only the component's own hosts are routed",
  version: 2,
  evaluate(input) {
    return judgeObjects({
      policy: this.id,
      input,
      judge: object => judge(input, object),
      pass: () => describeTaken(input),
    });
  },
};

/** "Host reviews belongs to catalog-team" */
function describeTaken(input: PolicyInput): string {
  const { plan, match } = input;
  const taken = plan.operations.flatMap(operation => {
    const owner = ownedBy(input, operation);
    const subject = (operation.after ?? operation.before) as
      | JudgedObject['subject']
      | undefined;
    return owner && subject ? findTakenServices(subject, owner.owned) : [];
  });
  const hosts = [...new Set(taken)];
  const owner = match.claim?.ownerRef;
  const whose = owner
    ? owner.slice(owner.lastIndexOf('/') + 1)
    : 'this component';
  return hosts.length === 0
    ? 'No host of another component is routed'
    : `${hosts.length === 1 ? 'Host' : 'Hosts'} ${hosts.join(', ')} ${
        hosts.length === 1 ? 'belongs' : 'belong'
      } to ${whose}`;
}

function judge(input: PolicyInput, judged: JudgedObject): ObjectVerdict[] {
  const { object } = judged.operation;
  const name = describeObject(object);
  const owner = ownedBy(input, judged.operation);
  if (!owner) {
    return [
      {
        // Nobody can vouch for it, so it does not pass.
        verdict: 'deny',
        text: `There is no data of ${object.cluster} to tell whose hosts ${name} takes`,
      },
    ];
  }
  const { owned, snapshot } = owner;
  const byPlatform =
    object.namespace === snapshot.rootNamespace && isPlatform(input);
  if (
    !byPlatform &&
    (!object.namespace || !owned.namespaces.includes(object.namespace))
  ) {
    return [
      {
        verdict: 'deny',
        text: `${name} is not in a namespace of this component in ${
          object.cluster
        } (${owned.namespaces.join(', ') || 'it has none there'})`,
      },
    ];
  }
  return [
    ...findForeignHosts({ ...judged, ...owner }).map(
      ({ host, path, exported }): ObjectVerdict => ({
        verdict: 'deny',
        path,
        text: exported
          ? `${name} takes requests for ${host} of other namespaces too; exportTo must be ["."]`
          : `Host ${host} of ${name} is not a Service of this component`,
      }),
    ),
    ...judgeTargets(judged, owner),
  ];
}

/** More requests to a Service of others concern them; those to the outside are for the team's list to allow. */
function judgeTargets(
  { before, after, operation }: JudgedObject,
  { owned, snapshot }: NonNullable<ReturnType<typeof ownedBy>>,
): ObjectVerdict[] {
  if (!after) {
    return [];
  }
  const name = describeObject(operation.object);
  return findForeignTargets({ before, after, owned })
    .filter(host => !holdsExternalHost(host, { team: owned.team, snapshot }))
    .map(host =>
      isMeshHost(host, snapshot)
        ? {
            verdict: 'warn',
            text: `${name} sends more requests to ${host}, which is not a Service of this component`,
          }
        : {
            verdict: 'deny',
            text: `${name} sends requests to ${host}, which is outside the mesh and not on the team's list of external hosts`,
          },
    );
}
