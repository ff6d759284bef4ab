import { type Field, quote } from '../Field';
import { checkPort } from '../rules/addresses';
import { checkDuration, parseDuration } from '../rules/durations';
import { checkCorsHeader } from '../rules/headers';
import { checkRegex } from '../rules/regexes';
import { checkStringMatchRegex } from '../rules/stringMatch';
import { checkWhole } from '../rules/shapes';

const CORS_METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  '*',
];

/** Source: validateCORSPolicy. */
export function checkCors(policy: Field): void {
  if (!policy.isSet) {
    return;
  }
  for (const origin of policy.at('allowOrigins').items()) {
    const match = ['exact', 'prefix', 'regex'].find(
      each => origin.at(each).isSet,
    );
    if (!match || origin.at(match).text() === '') {
      origin.error('must have a non-empty exact, prefix or regex');
    } else {
      checkStringMatchRegex(origin);
    }
  }
  for (const method of policy.at('allowMethods').items()) {
    if (!CORS_METHODS.includes(method.text())) {
      method.error(
        `must be one of ${CORS_METHODS.join(', ')}, it is ${quote(
          method.text(),
        )}`,
      );
    }
  }
  policy.at('allowHeaders').items().forEach(checkCorsHeader);
  policy.at('exposeHeaders').items().forEach(checkCorsHeader);
  const maxAge = policy.at('maxAge');
  checkDuration(maxAge);
  if (maxAge.isSet && (parseDuration(maxAge.text()) ?? 0) % 1e9 > 0) {
    maxAge.error(`must be whole seconds, it is ${quote(maxAge.text())}`);
  }
}

const GRPC_STATUSES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Source: validateHTTPFaultInjection. */
export function checkFault(fault: Field): void {
  if (!fault.isSet) {
    return;
  }
  const abort = fault.at('abort');
  const delay = fault.at('delay');
  if (!abort.isSet && !delay.isSet) {
    fault.error('must have an abort or a delay');
  }
  if (abort.isSet) {
    checkFaultPercentage(abort.at('percentage'));
    if (abort.at('grpcStatus').isSet) {
      const status = abort.at('grpcStatus').text();
      if (!GRPC_STATUSES.includes(status)) {
        abort
          .at('grpcStatus')
          .error(
            `must be a gRPC status like UNAVAILABLE, it is ${quote(status)}`,
          );
      }
    } else if (abort.at('http2Error').isSet) {
      abort.at('http2Error').error('is not supported, use httpStatus');
    } else if (abort.at('httpStatus').isSet) {
      checkStatus(abort.at('httpStatus'));
    }
  }
  if (delay.isSet) {
    checkFaultPercentage(delay.at('percentage'));
    checkDuration(delay.at('fixedDelay'));
    if (delay.at('exponentialDelay').isSet) {
      delay.at('exponentialDelay').error('is not supported, use fixedDelay');
    }
  }
}

/** Source: validatePercentage. */
function checkFaultPercentage(percentage: Field): void {
  const value = percentage.at('value').number();
  if (value < 0 || value > 100 || (value > 0 && value < 0.0001)) {
    percentage
      .at('value')
      .error(`must be 0 or from 0.0001 to 100, it is ${value}`);
  }
}

function checkStatus(field: Field): void {
  const status = field.number();
  if (status < 200 || status > 600) {
    field.error(`must be a status from 200 to 599, it is ${status}`);
  }
}

/** Source: validateHTTPRedirect; like there, the first fault is the only one named. */
export function checkRedirect(redirect: Field, matches: Field): void {
  if (!redirect.isSet) {
    return;
  }
  const text = (name: string) => redirect.at(name).text();
  const uri = text('uri');
  const prefixRewrite = text('prefixRewrite');
  if (uri !== '' && prefixRewrite !== '') {
    redirect.error('must have only one of uri and prefixRewrite');
    return;
  }
  const needsPrefix = (match: Field) =>
    match.at('uri').isSet && !match.at('uri').at('prefix').isSet;
  if (prefixRewrite !== '' && matches.items().some(needsPrefix)) {
    redirect
      .at('prefixRewrite')
      .error('needs every match on the URI to be a prefix');
    return;
  }
  const hasPort = ['port', 'derivePort'].some(name => redirect.at(name).isSet);
  if (
    !uri &&
    !prefixRewrite &&
    !text('authority') &&
    !text('scheme') &&
    !hasPort
  ) {
    redirect.error('must change the URI, the host, the scheme or the port');
    return;
  }
  redirect
    .at('derivePort')
    .choice(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']);
  const code = checkWhole(redirect.at('redirectCode'), { least: 0 });
  const scheme = text('scheme');
  if (code !== 0 && (code < 300 || code > 399)) {
    redirect.at('redirectCode').error(`must be a 3xx status, it is ${code}`);
  } else if (!['', 'http', 'https'].includes(scheme)) {
    redirect
      .at('scheme')
      .error(`must be http or https, it is ${quote(scheme)}`);
  } else if (checkWhole(redirect.at('port'), { least: 0 }) > 0) {
    checkPort(redirect.at('port'));
  }
}

const MEGABYTE = 1024 * 1024;

/** Source: validateHTTPDirectResponse. */
export function checkDirectResponse(response: Field): void {
  if (!response.isSet) {
    return;
  }
  const body = response.at('body');
  const size = Math.max(
    new TextEncoder().encode(body.at('string').text()).length,
    Math.floor((body.at('bytes').text().length * 3) / 4),
  );
  if (size > MEGABYTE) {
    body.error('must be at most 1 MB');
  } else if (size > 100 * 1024) {
    body.warn('is large; every proxy keeps a copy');
  }
  checkStatus(response.at('status'));
}

const RETRY_ON = [
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
];

/** Statuses that Go's net/http names. */
const KNOWN_STATUS = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
];

/** Source: validateHTTPRetry. */
export function checkRetries(retries: Field): void {
  if (!retries.isSet) {
    return;
  }
  const attempts = checkWhole(retries.at('attempts'));
  const retryOn = retries.at('retryOn').text();
  if (attempts < 0) {
    retries.at('attempts').error(`must not be negative, it is ${attempts}`);
  }
  const configured =
    retries.at('perTryTimeout').isSet ||
    retryOn !== '' ||
    retries.at('retryRemoteLocalities').isSet;
  if (attempts === 0 && configured) {
    retries
      .at('attempts')
      .error(
        'must be at least 1 beside other settings; 0 switches retries off',
      );
  }
  checkDuration(retries.at('perTryTimeout'));
  checkDuration(retries.at('backoff'));
  for (const policy of retryOn === '' ? [] : retryOn.split(',')) {
    const status = /^[+-]?\d+$/.test(policy) ? Number(policy) : 0;
    const known = KNOWN_STATUS.some(
      ([from, to]) => status >= from && status <= to,
    );
    if (!known && !RETRY_ON.includes(policy)) {
      retries
        .at('retryOn')
        .error(
          `${quote(
            policy,
          )} is no condition for a retry; allowed: statuses and ${RETRY_ON.join(
            ', ',
          )}`,
        );
    }
  }
}

/** Source: validateHTTPRewrite. */
export function checkRewrite(rewrite: Field): void {
  if (!rewrite.isSet) {
    return;
  }
  const uri = rewrite.at('uri').text();
  const regex = rewrite.at('uriRegexRewrite');
  if (uri !== '' && regex.isSet) {
    rewrite.error('must have only one of uri and uriRegexRewrite');
  } else if (uri === '' && !regex.isSet && !rewrite.at('authority').text()) {
    rewrite.error('must have uri, uriRegexRewrite or authority');
  } else if (regex.isSet) {
    const pattern = regex.at('match').text();
    if (pattern === '' || regex.at('rewrite').text() === '') {
      regex.error('must have both match and rewrite');
    } else {
      checkRegex(regex.at('match'), pattern);
    }
  }
}
