import { serviceOfHost } from '../../resources/host';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { RouteRule } from './routeRule';

/** The Service that a rule is about, or why it is about none. */
export function serviceOfRule(
  source: { object: KubeObject; fieldPath: string; domain: string },
  rule: RouteRule,
): { namespace: string; name: string } | { why: string } {
  const { object, fieldPath, domain } = source;
  return (
    serviceOfParent(object) ??
    rule.destinations
      .map(({ host }) => serviceOfHost(host, domain))
      .find(found => found !== undefined) ?? {
      why: `${fieldPath} of ${describeObject(
        object,
      )} sends to no Service of this cluster`,
    }
  );
}

/** The Service a route of the Gateway API hangs on, where it hangs on one. */
function serviceOfParent(object: KubeObject) {
  return object.kind !== 'VirtualService'
    ? readGatewayApiRoute(object).parents.find(({ kind }) => kind === 'Service')
    : undefined;
}
