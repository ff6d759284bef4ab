import { formatWrittenDuration } from '../../telemetry/format';
import { DecidedBy } from '../../resources/types';
import { decidedByOrigin } from '../route/answers';
import { defaultRetries, originOf, retriesOf } from '../route/answerHttp';
import { readFault, readTimeout } from '../route/httpAction';
import { ProxyView } from '../route/proxyView';
import { HttpRule } from '../route/routeTable';
import { RouteRetries } from '../route/types';
import { ResilienceSetting, RouteResilience } from './types';

/** Timeout and retries of a rule, or of Istio's default route where there is none. */
export function readRouteSettings(
  view: ProxyView,
  rule: HttpRule | undefined,
): ResilienceSetting[] {
  const { retries, by } = rule ? retriesOf(view, rule) : defaultRetries(view);
  return [
    readTimeoutSetting(view, rule),
    describeRetries(retries, describeDefault(by, retries)),
  ];
}

/** A written timeout of 0 switches it off, as leaving it out does. */
function readTimeoutSetting(
  { snapshot }: ProxyView,
  rule: HttpRule | undefined,
): ResilienceSetting {
  const timeout = rule && readTimeout(rule);
  const written = rule?.fields.timeout !== undefined;
  const decidedBy: DecidedBy =
    rule && written
      ? decidedByOrigin(snapshot, originOf(rule, 'timeout'))
      : { by: 'istioDefault', note: 'no timeout is set' };
  return timeout === undefined
    ? {
        setting: 'timeout',
        state: 'off',
        text: 'None',
        detail: 'The caller waits as long as the answer takes',
        decidedBy,
        overruled: [],
      }
    : {
        setting: 'timeout',
        state: 'on',
        text: formatWrittenDuration(timeout),
        value: { timeout },
        decidedBy,
        overruled: [],
      };
}

/** Istio's default has a note for a whole route; here it is about retries alone. */
function describeDefault(
  by: DecidedBy,
  retries: RouteRetries | undefined,
): DecidedBy {
  return by.by === 'istioDefault'
    ? { ...by, note: `${retries?.attempts ?? 0} retries` }
    : by;
}

function describeRetries(
  retries: RouteRetries | undefined,
  decidedBy: DecidedBy,
): ResilienceSetting {
  if (!retries) {
    return {
      setting: 'retries',
      state: 'off',
      text: 'None',
      decidedBy,
      overruled: [],
    };
  }
  const { attempts, retryOn, perTryTimeout, statusCodes } = retries;
  const conditions = retryOn.split(',').filter(part => part !== '');
  const tries = perTryTimeout
    ? `, each for at most ${formatWrittenDuration(perTryTimeout)}`
    : '';
  return {
    setting: 'retries',
    state: 'on',
    text: `${attempts}${tries}`,
    detail: `On ${[
      ...conditions.filter(
        part => part !== 'retriable-status-codes' || statusCodes === undefined,
      ),
      ...(statusCodes ?? []).map(String),
    ].join(', ')}`,
    value: { ...retries },
    decidedBy,
    overruled: [],
  };
}

/** Faults of a rule in words. */
export function readFaults(
  { snapshot }: ProxyView,
  rule: HttpRule | undefined,
): RouteResilience['faults'] {
  const fault = rule && readFault(rule.fields.fault);
  if (!rule || !fault) {
    return [];
  }
  const decidedBy = decidedByOrigin(snapshot, originOf(rule, 'fault'));
  const { delay, abort } = fault;
  const faults: RouteResilience['faults'] = [];
  if (delay) {
    faults.push({
      text: `Delays ${
        delay.percent
      } % of the requests by ${formatWrittenDuration(
        delay.fixedDelay,
      )} on purpose`,
      decidedBy,
    });
  }
  if (abort) {
    const status = abort.httpStatus ?? abort.grpcStatus;
    faults.push({
      text: `Fails ${abort.percent} % of the requests with ${String(
        status,
      )} on purpose`,
      decidedBy,
    });
  }
  return faults;
}
