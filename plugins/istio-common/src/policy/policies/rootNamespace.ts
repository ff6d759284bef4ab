import { describeObject } from '../../resources/objectKey';
import { isPlatform } from '../isPlatform';
import { judgeObjects } from '../judgeObjects';
import type { Policy } from '../types';

/** Objects of the root namespace count for every namespace of the mesh. */
export const rootNamespace: Policy = {
  id: 'root-namespace',
  description: "Only the platform changes objects of the mesh's root namespace",
  version: 2,
  evaluate(input) {
    const { snapshots } = input;
    const byPlatform = isPlatform(input);
    return judgeObjects({
      policy: this.id,
      input,
      judge: ({ operation: { object } }) => {
        const root = snapshots.find(
          ({ cluster }) => cluster === object.cluster,
        )?.rootNamespace;
        const name = describeObject(object);
        if (root === undefined) {
          return [
            {
              verdict: 'deny',
              text: `The root namespace of ${object.cluster} is not known, so the scope of ${name} is not either`,
            },
          ];
        }
        return object.namespace === root && !byPlatform
          ? [
              {
                verdict: 'deny',
                text: `${name} is in the root namespace of ${object.cluster} and would count for the whole mesh; the platform changes it`,
              },
            ]
          : [];
      },
      pass: byPlatform
        ? 'A platform team may change the root namespace'
        : 'Nothing of the root namespace changes',
    });
  },
};
