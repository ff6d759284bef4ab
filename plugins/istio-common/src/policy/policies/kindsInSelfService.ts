import { type KindName, kindNameOf } from '../../resources/kinds';
import { namespacedName } from '../../resources/objectKey';
import type { Policy } from '../types';

const ALLOWED: KindName[] = [
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
];

/** Kinds that reach beyond a component (gateways, EnvoyFilter, policies …) stay with the platform. */
export const kindsInSelfService: Policy = {
  id: 'kinds-in-self-service',
  description:
    'Only routing objects of a component are changed in self-service',
  evaluate({ plan }) {
    const denied = plan.operations.flatMap(({ object }) => {
      const kind = kindNameOf(object);
      return kind && ALLOWED.includes(kind)
        ? []
        : [
            {
              policy: this.id,
              verdict: 'deny' as const,
              text: `${object.kind} ${namespacedName(
                object,
              )} is not in self-service; ${ALLOWED.slice(0, -1).join(
                ', ',
              )} and ${ALLOWED.at(-1)} are`,
            },
          ];
    });
    return denied.length > 0
      ? denied
      : [
          {
            policy: this.id,
            verdict: 'pass',
            text: 'Only kinds that are in self-service change',
          },
        ];
  },
};
