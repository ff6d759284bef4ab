import { serviceOfHost } from '../../resources/host';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { RecogniseOptions, Recognised } from '../types';
import { isProblem, readRouteRule } from './routeRule';
import type { ShiftTrafficParams } from './schema';
import { toPercents } from './weights';

/**
 * Reads the form's parameters back out of a route, hand-written ones included. Shares that are no
 * whole percents come back rounded; compiling what was read changes nothing all the same.
 */
export function recogniseShiftTraffic(
  options: RecogniseOptions,
): Recognised<ShiftTrafficParams> {
  const { object, fieldPath, clusters, domain } = options;
  if (object.kind !== 'VirtualService' && object.kind !== 'HTTPRoute') {
    return {
      ok: false,
      why: `${object.kind} is not edited here; VirtualService and HTTPRoute are`,
    };
  }
  const rule = readRouteRule({ object, fieldPath, domain });
  if (isProblem(rule)) {
    return { ok: false, why: rule.message };
  }
  const percents = toPercents(rule.counted);
  if (percents.every(percent => percent === 0)) {
    return {
      ok: false,
      why: `all weights of ${fieldPath} of ${describeObject(object)} are 0`,
    };
  }
  const service =
    serviceOfParent(object) ??
    rule.destinations
      .map(({ host }) => serviceOfHost(host, domain))
      .find(found => found !== undefined);
  if (!service) {
    return {
      ok: false,
      why: `${fieldPath} of ${describeObject(
        object,
      )} sends to no Service of this cluster`,
    };
  }
  return {
    ok: true,
    params: {
      clusters,
      namespace: service.namespace,
      service: service.name,
      route: {
        kind: object.kind,
        namespace: object.metadata.namespace ?? '',
        name: object.metadata.name,
        fieldPath,
      },
      weights: rule.destinations.map(({ key }, index) => ({
        key,
        weight: percents[index],
      })),
    },
  };
}

/** The Service an HTTPRoute hangs on, where it hangs on one. */
function serviceOfParent(object: KubeObject) {
  return object.kind === 'HTTPRoute'
    ? readGatewayApiRoute(object).parents.find(({ kind }) => kind === 'Service')
    : undefined;
}
