/**
 * gRPC statuses that say the server failed, as OpenTelemetry's semantic conventions for server spans list
 * them: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS. The others
 * (NOT_FOUND, PERMISSION_DENIED, …) are answers to a caller's mistake.
 */
export const GRPC_SERVER_FAILURES: ReadonlySet<string> = new Set([
  '2',
  '4',
  '12',
  '13',
  '14',
  '15',
]);

/**
 * Response code of a request that ended without an answer (connection failed, or a side hung up).
 * Istio's own dashboards count it as a success; here it is a failure, since nobody got an answer.
 */
export const NO_RESPONSE = '0';

/** Envoy's response flag of a request that a fault rule aborted: nobody but the rule answered it. */
const INJECTED = 'FI';

/**
 * What an answer says, and whose fault it is; `injected` is nobody's: a VirtualService's fault rule aborted
 * the request before it was sent anywhere.
 */
export type ResponseClass =
  | 'ok'
  | 'injected'
  | 'clientError'
  | 'serverError'
  | 'grpcClientError'
  | 'grpcServerError'
  | 'noResponse';

/** What response code, gRPC status and Envoy's flags say about the request. */
export function classifyResponse(sample: {
  responseCode: string;
  grpcStatus?: string;
  responseFlags?: string;
}): ResponseClass {
  const { responseCode, grpcStatus, responseFlags } = sample;
  if (responseFlags?.split(',').includes(INJECTED)) {
    return 'injected';
  }
  if (responseCode === NO_RESPONSE) {
    return 'noResponse';
  }
  if (/^5\d\d$/.test(responseCode)) {
    return 'serverError';
  }
  if (grpcStatus !== undefined && grpcStatus !== '' && grpcStatus !== '0') {
    return GRPC_SERVER_FAILURES.has(grpcStatus)
      ? 'grpcServerError'
      : 'grpcClientError';
  }
  return /^4\d\d$/.test(responseCode) ? 'clientError' : 'ok';
}

/**
 * The same rule as PromQL matchers, so that charts and verdicts agree: either of the first two holds, and the
 * flags are not those of an injected fault.
 */
export const FAILURE_PATTERNS = {
  responseCode: `5..|${NO_RESPONSE}`,
  grpcStatus: [...GRPC_SERVER_FAILURES].join('|'),
  injectedFlags: `(.*,)?${INJECTED}(,.*)?`,
} as const;
