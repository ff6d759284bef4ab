import {
  timeoutsAndRetriesParamsSchema,
  type IntentOf,
  type ServiceMatch,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { resolveRouteService, routeParam } from '../routeTarget';
import type { TimeoutsDraft } from './readToday';

/** Fields of the form by the parameter they make. */
const FIELDS = {
  timeout: 'Timeout',
  'retries.attempts': 'Retries',
  'retries.perTryTimeout': 'Each try',
  'retries.statusCodes': 'Status codes',
} as const;
export type TimeoutsField = keyof typeof FIELDS;

/** The intent of what stands in the form, or what is wrong in which field. */
export type TimeoutsIntentResult =
  | { ok: true; intent: IntentOf<'timeoutsAndRetries'> }
  | {
      ok: false;
      problems: Partial<Record<TimeoutsField, string>>;
      text: string;
    };

function buildRetries(draft: TimeoutsDraft) {
  if (draft.mode !== 'on') return { mode: draft.mode };
  const codes = draft.statusCodes
    .split(/[\s,]+/)
    .filter(part => part !== '')
    .map(Number);
  return {
    mode: 'on',
    attempts: /^\d+$/.test(draft.attempts.trim())
      ? Number(draft.attempts)
      : Number.NaN,
    ...(draft.perTryTimeout.trim() && {
      perTryTimeout: draft.perTryTimeout.trim(),
    }),
    retryOn: draft.retryOn,
    statusCodes: [...new Set(codes)],
  };
}

const RULES: Partial<Record<TimeoutsField, string>> = {
  'retries.attempts': 'must be a whole number from 1 to 10',
  'retries.statusCodes':
    'must be numbers from 400 to 599, for example 502, 503',
};

function fieldOf(path: (string | number)[]): TimeoutsField | undefined {
  const joined = path.filter(part => typeof part === 'string').join('.');
  return joined in FIELDS ? (joined as TimeoutsField) : undefined;
}

/** Checks the form by the contract's own rules. */
export function buildTimeoutsIntent(options: {
  route: TrafficRoute;
  services: ServiceMatch[];
  clusters: string[];
  draft: TimeoutsDraft;
}): TimeoutsIntentResult {
  const { route, services, clusters, draft } = options;
  const target = resolveRouteService(route, services);
  const parsed = timeoutsAndRetriesParamsSchema.safeParse({
    clusters,
    ...target,
    route: routeParam(route),
    ...(draft.timeout.trim() && { timeout: draft.timeout.trim() }),
    retries: buildRetries(draft),
  });
  if (parsed.success) {
    return {
      ok: true,
      intent: { type: 'timeoutsAndRetries', params: parsed.data },
    };
  }
  const problems: Partial<Record<TimeoutsField, string>> = {};
  for (const { path, message } of parsed.error.issues) {
    const field = fieldOf(path);
    if (field) {
      problems[field] = `${FIELDS[field]} ${RULES[field] ?? message}.`;
    }
  }
  const [{ path, message }] = parsed.error.issues;
  return {
    ok: false,
    problems,
    text:
      Object.values(problems)[0] ??
      (target
        ? `${path.join('.')} ${message}.`
        : `Host ${route.host} is no Service of this component.`),
  };
}
