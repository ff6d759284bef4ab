import { fieldsOf, textsOf } from '../../resources/fields';
import { isPrivate } from '../../resources/host';
import { isKind, describeObject } from '../../resources/objectKey';
import { readServiceEntry } from '../../resources/serviceEntry';
import type { KubeObject } from '../../resources/types';
import { resolveAmbientWish } from '../../resources/namespace';
import type { MeshSnapshot } from '../../snapshot/types';
import { findAddressHolder } from '../findAddressHolder';
import { holdsAddress, holdsExternalHost } from '../heldHosts';
import { isMeshHost } from '../isMeshHost';
import { judgeObjects, type ObjectVerdict } from '../judgeObjects';
import { ownedBy } from '../ownedBy';
import type { OwnedHosts } from '../ownedHosts';
import type { Policy } from '../types';

/**
 * A ServiceEntry puts a host or an address into the registry of everyone it is exported to: one that names
 * another's takes the requests for it. So hosts and addresses must be on the team's list, outside the
 * cluster, and the entry stays in its own namespace.
 */
export const externalServices: Policy = {
  id: 'external-services',
  description: "Only the team's listed domains and addresses are registered",
  version: 1,
  evaluate(input) {
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ after }) =>
        after !== undefined && isKind(after, 'ServiceEntry'),
      judge: ({ operation, after }) => {
        if (!after) {
          return [];
        }
        const owner = ownedBy(input, operation);
        return owner
          ? judge({ ...owner, after })
          : [
              {
                verdict: 'deny',
                text: `There is no data of ${
                  operation.object.cluster
                } to tell what ${describeObject(operation.object)} takes`,
              },
            ];
      },
      pass: 'No service outside the mesh is registered beyond the list',
    });
  },
};

interface Question {
  after: KubeObject;
  owned: OwnedHosts;
  snapshot: MeshSnapshot;
}

function judge(question: Question): ObjectVerdict[] {
  return [
    ...judgeHosts(question),
    ...judgeAddresses(question),
    ...judgeExport(question),
  ];
}

function judgeHosts({ after, owned, snapshot }: Question): ObjectVerdict[] {
  const name = describeObject(after);
  return readServiceEntry(after).hosts.flatMap((written, index) => {
    const host = written.replace(/^\s+|[\s.]+$/g, '');
    if (holdsExternalHost(host, { team: owned.team, snapshot })) {
      return [];
    }
    return [
      {
        verdict: 'deny',
        path: `spec.hosts[${index}]`,
        text: isMeshHost(host, snapshot)
          ? `Host ${written} of ${name} can be a name inside the cluster, whose requests it would take`
          : `Host ${written} of ${name} is not on the team's list of external hosts (${
              owned.team.externalHosts.join(', ') || 'nothing is'
            })`,
      },
    ];
  });
}

/** Requests to an address go to the entry that has it, whatever name the caller used. */
function judgeAddresses({ after, owned, snapshot }: Question): ObjectVerdict[] {
  const name = describeObject(after);
  return textsOf(fieldsOf(after.spec).addresses).flatMap((address, index) => {
    const path = `spec.addresses[${index}]`;
    const holder = findAddressHolder(snapshot, { address, except: after });
    if (holder !== undefined) {
      return [
        {
          verdict: 'deny' as const,
          path,
          text: `Address ${address} of ${name} is ${holder}'s`,
        },
      ];
    }
    return holdsAddress(address, owned.team)
      ? []
      : [
          {
            verdict: 'deny' as const,
            path,
            text: `Address ${address} of ${name} is not on the team's list of external addresses (${
              owned.team.externalAddresses.join(', ') || 'nothing is'
            })`,
          },
        ];
  });
}

/** Ambient mode does not hold to exportTo (istio/istio#59652), so there a private entry is not private. */
function judgeExport({ after, snapshot }: Question): ObjectVerdict[] {
  const namespace = after.metadata.namespace ?? '';
  const name = describeObject(after);
  if (!isPrivate(readServiceEntry(after).exportTo, namespace)) {
    return [
      {
        verdict: 'deny',
        path: 'spec.exportTo',
        text: `${name} would count in other namespaces too; exportTo must be ["."]`,
      },
    ];
  }
  const ambient = snapshot
    .list('Namespace')
    .filter(each => resolveAmbientWish(each, {}).wanted)
    .map(({ metadata }) => metadata.name)
    .filter(each => each !== namespace);
  return ambient.length > 0
    ? [
        {
          verdict: 'warn',
          path: 'spec.exportTo',
          text: `Ambient mode does not hold to exportTo: ${name} may count in ${ambient.join(
            ', ',
          )} too`,
        },
      ]
    : [];
}
