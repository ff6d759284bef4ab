import type {
  ResilienceAnswer,
  ResilienceSetting,
} from '@istio-backstage/plugin-istio-common';
import { presentDecider } from '../presentDecider';

/** Limits of the form, by the name of Istio's field. */
export const POOL_FIELDS = [
  { field: 'maxConnections', label: 'Connections open at once' },
  { field: 'http1MaxPendingRequests', label: 'Requests waiting' },
  { field: 'http2MaxRequests', label: 'Requests at once' },
  { field: 'maxRequestsPerConnection', label: 'Requests per connection' },
  { field: 'maxRetries', label: 'Retries at once' },
] as const;

/** Settings of the ejection, by the name of Istio's field. */
export const EJECTION_FIELDS = [
  { field: 'consecutive5xxErrors', label: 'Failures (5xx) in a row' },
  {
    field: 'consecutiveGatewayErrors',
    label: 'Gateway errors (502 to 504) in a row',
  },
  { field: 'interval', label: 'Looked at every' },
  { field: 'baseEjectionTime', label: 'Out for at least' },
  { field: 'maxEjectionPercent', label: 'Pods out at most, %' },
  { field: 'minHealthPercent', label: 'Only while healthy at least, %' },
] as const;

export type BreakerField =
  | (typeof POOL_FIELDS)[number]['field']
  | (typeof EJECTION_FIELDS)[number]['field'];

/** What stands in the fields, as typed; empty: not set. */
export interface BreakerDraft {
  values: Partial<Record<BreakerField, string>>;
  ejects: boolean;
}

/** Where the settings shall stand. */
export interface BreakerPlace {
  host: string;
  subset?: string;
  port?: number;
}

/** Today's values at a place and where they come from. */
export interface BreakerToday {
  draft: BreakerDraft;
  poolText?: string;
  ejectionText?: string;
}

function textsOf(
  setting: ResilienceSetting | undefined,
  fields: readonly { field: BreakerField }[],
): BreakerDraft['values'] {
  return Object.fromEntries(
    fields.flatMap(({ field }) => {
      const value = setting?.value?.[field];
      return value === undefined || value === 0 ? [] : [[field, String(value)]];
    }),
  );
}

function presentToday({ text, decidedBy }: ResilienceSetting): string {
  return `Today: ${text}, ${presentDecider(decidedBy)}`;
}

/** A subset's own block does not hold for the others. */
function isOwnOfSubset({ decidedBy }: ResilienceSetting): boolean {
  return (
    decidedBy.by === 'object' && decidedBy.fieldPath.startsWith('spec.subsets')
  );
}

/** The settings in force at a place, in the first cluster that tells. */
export function readToday(
  place: BreakerPlace,
  answers: readonly ResilienceAnswer[],
): BreakerToday {
  const { host, subset, port } = place;
  const destinations = answers
    .flatMap(answer => answer.destinations)
    .filter(
      each => each.host === host && (port === undefined || each.port === port),
    );
  const exact = destinations.filter(each => each.subset === subset);
  const settings = (exact.length > 0 ? exact : destinations).flatMap(each =>
    each.settings.filter(
      setting => exact.length > 0 || !isOwnOfSubset(setting),
    ),
  );
  const pool = settings.find(({ setting }) => setting === 'connectionPool');
  const ejection = settings.find(
    ({ setting }) => setting === 'outlierDetection',
  );
  const ejects = ejection?.state === 'on';
  return {
    draft: {
      values: {
        ...textsOf(pool, POOL_FIELDS),
        ...(ejects && textsOf(ejection, EJECTION_FIELDS)),
      },
      ejects,
    },
    poolText: pool && presentToday(pool),
    ejectionText: ejection && presentToday(ejection),
  };
}
