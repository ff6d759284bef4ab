import { routeParams } from '../routing/routeParams';
import { serviceOfRule } from '../routing/serviceOfRule';
import { isProblem, readRouteRule } from '../routing/routeRule';
import type { RecogniseOptions, Recognised } from '../types';
import { dialectOf } from './compile';
import type { TimeoutsAndRetriesParams } from './schema';

/** Reads timeout and retries of a rule. */
export function recogniseTimeoutsAndRetries(
  options: RecogniseOptions,
): Recognised<TimeoutsAndRetriesParams> {
  const { object, fieldPath } = options;
  const { kind } = object;
  if (kind !== 'VirtualService' && kind !== 'HTTPRoute') {
    return {
      ok: false,
      why: `${kind} is not edited here; VirtualService and HTTPRoute are`,
    };
  }
  const rule = readRouteRule(options);
  if (isProblem(rule)) {
    return { ok: false, why: rule.message };
  }
  if (!['http', 'rules'].includes(rule.section)) {
    return {
      ok: false,
      why: `${fieldPath} routes connections, which have neither timeout nor retries`,
    };
  }
  const service = serviceOfRule(options, rule);
  if ('why' in service) {
    return { ok: false, why: service.why };
  }
  const settings = dialectOf(kind).read(rule.rule);
  if ('why' in settings) {
    return { ok: false, why: settings.why };
  }
  return {
    ok: true,
    params: {
      ...routeParams(options, { kind, service }),
      ...settings,
    },
  };
}
