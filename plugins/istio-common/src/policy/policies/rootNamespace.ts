import type { GuardrailVerdict } from '../../changes/types';
import { describeObject } from '../../resources/objectKey';
import type { Policy } from '../types';

/** Objects of the root namespace count for every namespace of the mesh. */
export const rootNamespace: Policy = {
  id: 'root-namespace',
  description: "No object of the mesh's root namespace is changed",
  evaluate({ plan, snapshots }) {
    const denied = plan.operations.flatMap(({ object }): GuardrailVerdict[] => {
      const root = snapshots.find(
        ({ cluster }) => cluster === object.cluster,
      )?.rootNamespace;
      if (root === undefined) {
        return [
          {
            policy: this.id,
            verdict: 'unknown',
            text: `The root namespace of ${
              object.cluster
            } is not known, so the scope of ${describeObject(
              object,
            )} is not either`,
          },
        ];
      }
      return object.namespace === root
        ? [
            {
              policy: this.id,
              verdict: 'deny',
              text: `${describeObject(object)} is in the root namespace of ${
                object.cluster
              } and would count for the whole mesh; the platform changes it`,
            },
          ]
        : [];
    });
    return denied.length > 0
      ? denied
      : [
          {
            policy: this.id,
            verdict: 'pass',
            text: 'Nothing of the root namespace changes',
          },
        ];
  },
};
