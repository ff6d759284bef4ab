import {
  RETRY_CONDITIONS,
  type ResilienceAnswer,
  type ResilienceSetting,
  type RetryCondition,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { presentDecider } from '../presentDecider';

/** What stands in the form's fields, as typed. */
export interface TimeoutsDraft {
  timeout: string;
  mode: 'default' | 'off' | 'on';
  attempts: string;
  perTryTimeout: string;
  retryOn: RetryCondition[];
  /** "502, 503" */
  statusCodes: string;
}

/** Today's values of a rule and where they come from. */
export interface TimeoutsToday {
  draft: TimeoutsDraft;
  /** "Today none, Istio’s default" */
  timeoutText?: string;
  retriesText?: string;
}

/** What Istio tries again for where nothing is written: a rule that says the same needs no conditions. */
const OWN_CONDITIONS =
  'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

const EMPTY: TimeoutsDraft = {
  timeout: '',
  mode: 'default',
  attempts: '2',
  perTryTimeout: '',
  retryOn: [],
  statusCodes: '',
};

function isRouteOf(
  route: TrafficRoute,
  answer: ResilienceAnswer['routes'][number],
): boolean {
  const { object, fieldPath, host } = route;
  if (!object) return !answer.object && answer.host === host;
  return (
    answer.object?.kind === object.kind &&
    answer.object.namespace === object.namespace &&
    answer.object.name === object.name &&
    answer.fieldPath === `spec.${fieldPath}`
  );
}

function presentToday({ text, decidedBy }: ResilienceSetting): string {
  return `Today ${text}, ${presentDecider(decidedBy)}`;
}

function textIn(value: Record<string, unknown> | undefined, field: string) {
  const written = value?.[field];
  return typeof written === 'string' ? written : '';
}

function readRetries(
  setting: ResilienceSetting,
): Omit<TimeoutsDraft, 'timeout'> {
  const { state, value, decidedBy } = setting;
  if (decidedBy.by !== 'object' || state === 'unknown') return EMPTY;
  if (state === 'off') return { ...EMPTY, mode: 'off' };
  const codes = Array.isArray(value?.statusCodes) ? value.statusCodes : [];
  const written = textIn(value, 'retryOn');
  const known = new Set<string>(RETRY_CONDITIONS);
  const conditions = written
    .split(',')
    .filter((part): part is RetryCondition => known.has(part))
    // Istio adds it by itself where codes are given.
    .filter(part => codes.length === 0 || part !== 'retriable-status-codes');
  return {
    mode: 'on',
    attempts: String(value?.attempts ?? ''),
    perTryTimeout: textIn(value, 'perTryTimeout'),
    retryOn: written === OWN_CONDITIONS ? [] : conditions,
    statusCodes: codes.join(', '),
  };
}

/** The rule's settings in force in one of its clusters. */
export function readToday(
  route: TrafficRoute,
  answers: readonly ResilienceAnswer[],
): TimeoutsToday {
  const found = answers
    .filter(({ cluster }) => route.clusters.includes(cluster))
    .flatMap(({ routes }) => routes)
    .find(answer => isRouteOf(route, answer));
  const setting = (name: ResilienceSetting['setting']) =>
    found?.settings.find(each => each.setting === name);
  const timeout = setting('timeout');
  const retries = setting('retries');
  return {
    draft: {
      ...(retries ? readRetries(retries) : EMPTY),
      timeout: textIn(timeout?.value, 'timeout'),
    },
    timeoutText: timeout && presentToday(timeout),
    retriesText: retries && presentToday(retries),
  };
}
