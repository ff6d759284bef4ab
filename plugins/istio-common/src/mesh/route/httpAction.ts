import {
  Fields,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import { percentOf } from './readRules';
import { HttpRule } from './routeTable';
import { RouteFault, RouteRedirect, RouteRetries, RouteRewrite } from './types';

/**
 * Timeouts of a rule; none when unset or zero.
 *
 * Source: istio/istio pilot/pkg/networking/core/route setTimeout (1.31).
 */
export function readTimeout(rule: HttpRule): string | undefined {
  const timeout = textOf(rule.fields.timeout);
  return timeout !== undefined && /[1-9]/.test(timeout) ? timeout : undefined;
}

const DEFAULT_RETRY_ON =
  'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

/**
 * Retries of a rule, or of meshConfig where the rule says nothing, or Istio's own two. A policy without
 * attempts switches them off.
 *
 * Source: istio/istio pilot/pkg/networking/core/route/retry ConvertPolicy (1.31).
 */
export function readRetries(
  policy: Fields | undefined,
): RouteRetries | undefined {
  if (policy === undefined) {
    return { attempts: 2, retryOn: DEFAULT_RETRY_ON };
  }
  const attempts = numberOf(policy.attempts) ?? 0;
  if (attempts <= 0) {
    return undefined;
  }
  const retries: RouteRetries = { attempts, retryOn: DEFAULT_RETRY_ON };
  const written = textOf(policy.retryOn);
  if (written !== undefined) {
    applyRetryOn(retries, written);
  }
  const perTryTimeout = textOf(policy.perTryTimeout);
  return perTryTimeout === undefined ? retries : { ...retries, perTryTimeout };
}

/** Numbers are status codes. */
function applyRetryOn(retries: RouteRetries, written: string): void {
  const parts = written
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  const codes = parts.filter(isStatusCode).map(Number);
  retries.retryOn = parts.filter(part => !isStatusCode(part)).join(',');
  if (codes.length > 0) {
    retries.statusCodes = codes;
    if (!retries.retryOn.includes('retriable-status-codes')) {
      retries.retryOn += ',retriable-status-codes';
    }
  }
}

/** The codes that have a name in HTTP, as Go knows them. */
const STATUS_CODES: ReadonlySet<number> = new Set([
  100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300,
  301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407,
  408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424,
  425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508,
  510, 511,
]);

function isStatusCode(part: string): boolean {
  return /^[+-]?\d+$/.test(part) && STATUS_CODES.has(Number(part));
}

/** Source: istio/istio pilot/pkg/networking/core/route TranslateFault (1.31). */
export function readFault(value: unknown): RouteFault | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const fault: RouteFault = {};
  const delay = fieldsOf(value.delay);
  const fixedDelay = textOf(delay.fixedDelay);
  if (fixedDelay !== undefined) {
    fault.delay = {
      fixedDelay,
      percent: percentOf(delay.percentage) ?? numberOf(delay.percent) ?? 0,
    };
  }
  const abort = fieldsOf(value.abort);
  const httpStatus = numberOf(abort.httpStatus);
  const grpcStatus = textOf(abort.grpcStatus);
  if (httpStatus !== undefined || grpcStatus !== undefined) {
    fault.abort = {
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(grpcStatus === undefined ? {} : { grpcStatus }),
      percent: percentOf(abort.percentage) ?? 0,
    };
  }
  return fault.delay || fault.abort ? fault : undefined;
}

/** The authority set through headers counts where the rewrite sets none. */
export function readRewrite(rule: HttpRule): RouteRewrite | undefined {
  const fields = fieldsOf(rule.fields.rewrite);
  const regex = fieldsOf(fields.uriRegexRewrite);
  const rewrite: RouteRewrite = {};
  if (isFields(fields.uriRegexRewrite)) {
    rewrite.uriRegex = {
      match: textOf(regex.match) ?? '',
      rewrite: textOf(regex.rewrite) ?? '',
    };
  } else if (textOf(fields.uri) !== undefined) {
    rewrite.uri = textOf(fields.uri);
  }
  const authority =
    textOf(fields.authority) ??
    authorityOf(rule.fields.headers) ??
    singleAuthority(rule);
  if (authority !== undefined) {
    rewrite.authority = authority;
  }
  return Object.keys(rewrite).length > 0 ? rewrite : undefined;
}

function singleAuthority({ destinations }: HttpRule): string | undefined {
  return destinations.length === 1
    ? authorityOf(destinations[0].fields.headers)
    : undefined;
}

function authorityOf(headers: unknown): string | undefined {
  const request = fieldsOf(fieldsOf(headers).request);
  for (const operations of [request.set, request.add]) {
    for (const [name, value] of Object.entries(fieldsOf(operations))) {
      if (/^(:authority|host)$/i.test(name) && typeof value === 'string') {
        return value || undefined;
      }
    }
  }
  return undefined;
}

const REDIRECT_CODES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * A redirect; undefined for a code that Istio does not know.
 *
 * Source: istio/istio pilot/pkg/networking/core/route ApplyRedirect (1.31).
 */
export function readRedirect(
  fields: Fields,
  request: { port: number; scheme: 'http' | 'https' },
): RouteRedirect | undefined {
  const code = numberOf(fields.redirectCode) || 301;
  if (!REDIRECT_CODES.has(code)) {
    return undefined;
  }
  const redirect: RouteRedirect = { code };
  const scheme = textOf(fields.scheme);
  const authority = textOf(fields.authority);
  const prefix = textOf(fields.prefixRewrite);
  const uri = prefix === undefined ? textOf(fields.uri) : undefined;
  const port = redirectPort(fields, request, scheme ?? request.scheme);
  return {
    ...redirect,
    ...(scheme === undefined ? {} : { scheme }),
    ...(authority === undefined ? {} : { authority }),
    ...(port === undefined ? {} : { port }),
    ...(uri === undefined ? {} : { uri }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

/** The scheme's own port is not written out. */
function redirectPort(
  fields: Fields,
  request: { port: number },
  scheme: string,
): number | undefined {
  const written =
    fields.derivePort === 'FROM_REQUEST_PORT'
      ? request.port
      : numberOf(fields.port);
  const own =
    (scheme === 'http' && written === 80) ||
    (scheme === 'https' && written === 443);
  return own || written === 0 ? undefined : written;
}

/** A fixed answer. */
export function readDirectResponse(fields: Fields): {
  status: number;
  body?: string;
} {
  const body = textOf(fieldsOf(fields.body).string);
  const status = numberOf(fields.status) ?? 0;
  return body === undefined ? { status } : { status, body };
}
