import { describeObject } from '../../resources/objectKey';
import type { RecogniseOptions, Recognised } from '../types';
import { routeParams } from '../routing/routeParams';
import { serviceOfRule } from '../routing/serviceOfRule';
import { isProblem, readRouteRule } from '../routing/routeRule';
import type { ShiftTrafficParams } from './schema';
import { toPercents } from './weights';
import { weightedRouteSchema } from '../routing/schema';

const KINDS = weightedRouteSchema.shape.kind.options;

/**
 * Reads the form's parameters back out of a route, hand-written ones included. Shares that are no
 * whole percents come back rounded; compiling what was read changes nothing all the same.
 */
export function recogniseShiftTraffic(
  options: RecogniseOptions,
): Recognised<ShiftTrafficParams> {
  const { object, fieldPath, domain } = options;
  const kind = KINDS.find(each => each === object.kind);
  if (!kind) {
    return {
      ok: false,
      why: `${object.kind} is not edited here; ${KINDS.join(', ')} are`,
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
  const service = serviceOfRule(options, rule);
  if ('why' in service) {
    return { ok: false, why: service.why };
  }
  return {
    ok: true,
    params: {
      ...routeParams(options, { kind, service }),
      weights: rule.destinations.map(({ key }, index) => ({
        key,
        weight: percents[index],
      })),
    },
  };
}
