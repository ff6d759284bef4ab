import { fieldsListOf, fieldsOf } from '../../../resources/fields';
import { resolveGatewayName } from '../../../resources/gateway';
import { memoizeByIdentity } from '../../../resources/memoize';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import { isClaimHeader } from '../../../validation/rules/headers';
import { listUnverifying } from '../../../mesh/authorization/unverifyingProxies';
import { describeWorkloads, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** The first match that asks for a claim, and where. */
const findClaim = memoizeByIdentity(
  (virtualService: KubeObject): { claim: string; path: string } | undefined => {
    for (const rule of readVirtualService(virtualService).rules) {
      if (rule.protocol !== 'http') continue;
      for (const [index, match] of fieldsListOf(rule.fields.match).entries()) {
        for (const list of ['headers', 'withoutHeaders']) {
          const claim = Object.keys(fieldsOf(match[list]))
            .sort()
            .find(isClaimHeader);
          if (claim) {
            const path = `spec.${rule.fieldPath}.match[${index}].${list}['${claim}']`;
            return { claim, path };
          }
        }
      }
    }
    return undefined;
  },
);

/** Source: istio/istio analyzers/virtualservice/jwtclaimroute.go. */
export const claimRouteUnverified: Rule = {
  code: 'ISB0629',
  name: 'claim-route-without-authentication',
  title: 'A route asks for a claim of a token that the gateway does not verify',
  severity: 'error',
  explanation:
    'Routes on @request.auth.claims go by the claims of a verified token. Without a RequestAuthentication for the gateway no token is verified, and the match never holds (withoutHeaders: always).',
  remedy:
    'Add a RequestAuthentication with the token’s issuer for the gateway’s pods, in their namespace.',
  equivalents: ['IST0149'],
  subjects: ['VirtualService'],
  inputs: [...WORKLOAD_KINDS, 'Gateway', 'RequestAuthentication'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    const found = findClaim(subject);
    if (!found) return [];
    const { namespace = '' } = subject.metadata;
    return readVirtualService(subject)
      .gateways.filter(name => name !== MESH_GATEWAY)
      .map(name => resolveGatewayName(name, namespace))
      .flatMap(gateway => {
        const blind = listUnverifying(snapshot, gateway);
        return blind.length === 0
          ? []
          : [
              {
                message: `The gateway ${gateway} verifies no token at ${describeWorkloads(
                  blind,
                  namespace,
                )}, so ${found.claim} is never there.`,
                path: found.path,
              },
            ];
      });
  },
};
