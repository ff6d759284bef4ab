import {
  circuitBreakerParamsSchema,
  type IntentOf,
  type ServiceMatch,
} from '@istio-backstage/plugin-istio-common';
import {
  EJECTION_FIELDS,
  POOL_FIELDS,
  type BreakerDraft,
  type BreakerField,
  type BreakerPlace,
} from './readToday';

/** The intent of what stands in the form, or what is wrong in which field. */
export type BreakerIntentResult =
  | { ok: true; intent: IntentOf<'circuitBreaker'> }
  | {
      ok: false;
      problems: Partial<Record<BreakerField, string>>;
      text: string;
    };

const DURATIONS: readonly string[] = ['interval', 'baseEjectionTime'];
const PERCENTS: readonly string[] = ['maxEjectionPercent', 'minHealthPercent'];

/** What a field takes, for who typed something else. */
function ruleOf(field: string): string {
  if (DURATIONS.includes(field)) {
    return 'must be a duration like 5s, 250ms or 1m30s, at least 1ms';
  }
  if (PERCENTS.includes(field)) return 'must be a whole number from 1 to 100';
  return field.startsWith('consecutive')
    ? 'must be a whole number, 0 for never'
    : 'must be a whole number from 1, or empty for no limit';
}

function readValues(
  draft: BreakerDraft,
  fields: readonly { field: BreakerField }[],
) {
  const entries = fields.flatMap(({ field }) => {
    const text = draft.values[field]?.trim();
    if (!text) return [];
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return [[field, DURATIONS.includes(field) ? text : value] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Checks the form by the contract's own rules. */
export function buildBreakerIntent(options: {
  place: BreakerPlace;
  services: ServiceMatch[];
  clusters: string[];
  draft: BreakerDraft;
}): BreakerIntentResult {
  const { place, services, clusters, draft } = options;
  const service = services.find(({ host }) => host === place.host);
  const pool = readValues(draft, POOL_FIELDS);
  const parsed = circuitBreakerParamsSchema.safeParse({
    clusters,
    namespace: service?.namespace,
    service: service?.name,
    ...(place.subset !== undefined && { subset: place.subset }),
    ...(place.port !== undefined && { port: place.port }),
    ...(pool && { connectionPool: pool }),
    ...(draft.ejects && {
      ejection: readValues(draft, EJECTION_FIELDS) ?? {},
    }),
  });
  if (parsed.success) {
    return {
      ok: true,
      intent: { type: 'circuitBreaker', params: parsed.data },
    };
  }
  const problems: Partial<Record<BreakerField, string>> = {};
  for (const { path } of parsed.error.issues) {
    const found = [...POOL_FIELDS, ...EJECTION_FIELDS].find(
      ({ field }) => field === path.at(-1),
    );
    if (found) {
      problems[found.field] = `${found.label} ${ruleOf(found.field)}.`;
    }
  }
  const [{ path, message }] = parsed.error.issues;
  return {
    ok: false,
    problems,
    text: Object.values(problems)[0] ?? `${path.join('.')} ${message}.`,
  };
}
