import { type KindName, kindNameOf } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import { isPlatform } from '../isPlatform';
import { judgeObjects } from '../judgeObjects';
import { POSSIBLE_KINDS } from '../settings';
import type { Policy } from '../types';
import { isProxyExtension } from './proxyExtensions';

/** Kinds that reach beyond a component (gateways, sidecars …) stay with the platform. */
export const kindsInSelfService: Policy = {
  id: 'kinds-in-self-service',
  description: 'Only kinds that the platform has opened change',
  version: 2,
  evaluate(input) {
    const allowed: readonly KindName[] = isPlatform(input)
      ? POSSIBLE_KINDS
      : input.settings.kinds;
    return judgeObjects({
      policy: this.id,
      input,
      judge: ({ operation }) => {
        const kind = kindNameOf(operation.object);
        return (kind && allowed.includes(kind)) ||
          isProxyExtension(operation.object)
          ? []
          : [
              {
                verdict: 'deny',
                text: `${describeObject(
                  operation.object,
                )} is not in self-service; ${listed(allowed)}`,
              },
            ];
      },
      pass: 'Only kinds that are in self-service change',
    });
  },
};

function listed(kinds: readonly KindName[]): string {
  return kinds.length === 1
    ? `${kinds[0]} is`
    : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)} are`;
}
