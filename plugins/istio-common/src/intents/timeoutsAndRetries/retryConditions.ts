/**
 * What a failed try is tried again for. Source: istio/istio pkg/config/validation
 * supportedRetryOnPolicies; Envoy x-envoy-retry-on and x-envoy-retry-grpc-on.
 */
export const RETRY_CONDITIONS = [
  'connect-failure',
  'refused-stream',
  'unavailable',
  'cancelled',
  'reset',
  'reset-before-request',
  'gateway-error',
  '5xx',
  'retriable-4xx',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
] as const;
export type RetryCondition = (typeof RETRY_CONDITIONS)[number];

/** Conditions in plain words, for forms. */
export const RETRY_CONDITION_WORDS: Record<RetryCondition, string> = {
  'connect-failure': 'The connection could not be opened',
  'refused-stream': 'The pod refused the request before it began',
  unavailable: 'gRPC: unavailable',
  cancelled: 'gRPC: cancelled',
  reset: 'The connection broke without an answer',
  'reset-before-request': 'The connection broke before the request was sent',
  'gateway-error': 'Answers 502, 503 and 504',
  '5xx': 'Every answer of 500 and above, or none',
  'retriable-4xx': 'Answer 409 (conflict)',
  'retriable-status-codes': 'The answers listed as codes',
  'retriable-headers': 'Answers with headers that Envoy is told of',
  'envoy-ratelimited': 'The proxy’s rate limit refused it',
  'http3-post-connect-failure': 'An HTTP/3 connection failed',
  'deadline-exceeded': 'gRPC: deadline exceeded',
  internal: 'gRPC: internal error',
  'resource-exhausted': 'gRPC: resource exhausted',
};
