import { HealthThresholds } from './types';

/** This product's own: degraded from 1 %, failing from 10 %, silent below 50 requests. */
export const DEFAULT_THRESHOLDS: HealthThresholds = {
  preset: 'default',
  errors: { degraded: 0.01, failing: 0.1 },
  minimumRequests: 50,
};

/**
 * As Kiali judges: any HTTP 5xx or gRPC status 1 to 16 is degraded, 10 % is failing; 4xx from 10 % and
 * 20 %; no response from 10 % only; calls that the component makes count as much as calls it takes; no
 * minimum volume.
 *
 * Source: kiali.io, health configuration, default tolerances.
 */
export const KIALI_THRESHOLDS: HealthThresholds = {
  preset: 'kiali',
  errors: { degraded: 0, failing: 0.1 },
  clientErrors: { degraded: 0.1, failing: 0.2 },
  minimumRequests: 1,
};

/** The limit that a share has passed; a limit of 0 means "above zero". */
export function isAtLeast(share: number, limit: number): boolean {
  return limit === 0 ? share > 0 : share >= limit;
}
