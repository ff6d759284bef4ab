import { fieldsOf, labelsOf } from '../../resources/fields';
import { kindNameOf, type KindName } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import { readPolicyTargets } from '../../resources/policyTarget';
import type { KubeObject } from '../../resources/types';
import { listWorkloads } from '../../mesh/workloadKeys';
import { isKnown } from '../../snapshot/readiness';
import type { MeshSnapshot } from '../../snapshot/types';
import { matchesLabels } from '../../resources/selector';
import { readWorkload } from '../../resources/workload';
import { isPlatform } from '../isPlatform';
import { judgeObjects } from '../judgeObjects';
import type { Policy, PolicyInput } from '../types';

/** Where each kind names the pods it is for; without it the object is for its whole namespace. */
const SELECTORS: Partial<Record<KindName, readonly [string, string]>> = {
  PeerAuthentication: ['selector', 'matchLabels'],
  AuthorizationPolicy: ['selector', 'matchLabels'],
  RequestAuthentication: ['selector', 'matchLabels'],
  Telemetry: ['selector', 'matchLabels'],
  Sidecar: ['workloadSelector', 'labels'],
  ServiceEntry: ['workloadSelector', 'labels'],
};

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const;

/** What a component's object does to pods that are not the component's is for their owners to know. */
export const workloadScope: Policy = {
  id: 'workload-scope',
  description: "Policies reach only the component's own pods",
  version: 1,
  evaluate(input) {
    const byPlatform = isPlatform(input);
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ subject }) => {
        const kind = kindNameOf(subject);
        return kind !== undefined && SELECTORS[kind] !== undefined;
      },
      judge: ({ operation, subject }) => {
        if (byPlatform || isTeams(subject, input)) {
          return [];
        }
        const { cluster } = operation.object;
        const snapshot = input.snapshots.find(each => each.cluster === cluster);
        const approvers = [ownersOf(input)];
        if (!snapshot || !WORKLOADS.every(kind => isKnown(snapshot, kind))) {
          return [
            {
              verdict: 'needsApproval',
              approvers,
              text: `Workloads of ${cluster} could not be read, so nobody can tell whom ${describeObject(
                subject,
              )} reaches`,
            },
          ];
        }
        const others = findOthers(subject, { snapshot, input });
        return others.length === 0
          ? []
          : [
              {
                verdict: 'needsApproval',
                approvers,
                text: `${describeObject(subject)} reaches ${listed(
                  others,
                )}, which ${
                  others.length === 1 ? 'is' : 'are'
                } not of this component; a second person of the namespace's owners has to agree`,
              },
            ];
      },
      pass: "Only the component's own pods are reached",
    });
  },
};

/** A team's whole namespace: everything in it is its own. */
function isTeams(
  { metadata }: KubeObject,
  { teamNamespaces }: PolicyInput,
): boolean {
  return teamNamespaces?.includes(metadata.namespace ?? '') ?? false;
}

/** The namespace is the team's, and so is the decision. */
function ownersOf({ match }: PolicyInput): string[] {
  return match.claim?.ownerRef ? [match.claim.ownerRef] : [];
}

/** Names of workloads that the object is for and the component does not own. */
function findOthers(
  object: KubeObject,
  { snapshot, input }: { snapshot: MeshSnapshot; input: PolicyInput },
): string[] {
  const kind = kindNameOf(object);
  const selector = kind && SELECTORS[kind];
  const namespace = object.metadata.namespace ?? '';
  if (!selector) {
    return [];
  }
  const spec = fieldsOf(object.spec);
  const labels = labelsOf(fieldsOf(spec[selector[0]])[selector[1]]);
  const isNamespaceWide = Object.keys(labels).length === 0;
  if (
    isNamespaceWide &&
    (kind === 'ServiceEntry' || readPolicyTargets(spec).length > 0)
  ) {
    return [];
  }
  const own = new Set(
    input.match.workloads
      .filter(({ cluster }) => cluster === snapshot.cluster)
      .map(workload => `${workload.namespace}/${workload.name}`),
  );
  return listWorkloads(snapshot, namespace)
    .filter(key => !own.has(`${key.namespace}/${key.name}`))
    .filter(key => {
      const workload = snapshot.workload(key);
      return matchesLabels(labels, workload && readWorkload(workload).labels);
    })
    .map(({ name }) => name);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
