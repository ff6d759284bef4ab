import { kindNameOf } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import type { ObjectRef } from '../../resources/types';
import { judgeObjects } from '../judgeObjects';
import { NEVER_IN_SELF_SERVICE } from '../settings';
import type { Policy } from '../types';

/** No environment, team or setting lets these through: they can undo every other guardrail. */
export const proxyExtensions: Policy = {
  id: 'proxy-extensions',
  description: 'Nothing reaches into the proxies past Istio',
  version: 1,
  alwaysEnforced: true,
  evaluate(input) {
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ operation: { object } }) => isProxyExtension(object),
      judge: ({ operation: { object } }) => [
        {
          verdict: 'deny',
          text: `${describeObject(
            object,
          )} reaches into the proxies themselves and is never in self-service; the platform applies it`,
        },
      ],
      pass: 'Nothing reaches into the proxies past Istio',
    });
  },
};

/** Configuration of Envoy, code for it, and the group in which Istio adds more such kinds. */
export function isProxyExtension(
  object: Pick<ObjectRef, 'apiVersion' | 'kind'>,
): boolean {
  const kind = kindNameOf(object);
  return (
    object.apiVersion.startsWith('extensions.istio.io/') ||
    (kind !== undefined && NEVER_IN_SELF_SERVICE.includes(kind))
  );
}
