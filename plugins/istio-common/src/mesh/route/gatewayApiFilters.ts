import {
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import {
  backendExists,
  BackendContext,
  readBackend,
} from './gatewayApiBackends';
import { at, HttpRule, Origin } from './routeTable';

/** What filters, timeouts and retries of a rule set, in VirtualService form. */
export interface RuleSettings {
  fields: Record<string, unknown>;
  fieldOrigins: Record<string, Origin>;
  mirrors: HttpRule['mirrors'];
}

/**
 * Filters, timeouts and retries of a Gateway API rule; undefined when a filter is not supported, which
 * makes Istio drop the whole route.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway conversion.go convertHTTPRoute (1.31).
 */
export function readSettings(
  rule: Fields,
  origin: Origin,
  context: BackendContext,
): RuleSettings | undefined {
  const settings: RuleSettings = { fields: {}, fieldOrigins: {}, mirrors: [] };
  for (const [index, filter] of fieldsListOf(rule.filters).entries()) {
    if (
      !applyFilter(settings, filter, at(origin, `filters[${index}]`), context)
    ) {
      return undefined;
    }
  }
  applyRetry(settings, rule, origin);
  applyTimeouts(settings, rule, origin);
  return settings;
}

function set(
  settings: RuleSettings,
  name: string,
  value: unknown,
  origin: Origin,
): void {
  settings.fields[name] = value;
  settings.fieldOrigins[name] = origin;
}

function applyFilter(
  settings: RuleSettings,
  filter: Fields,
  origin: Origin,
  context: BackendContext,
): boolean {
  switch (filter.type) {
    case 'RequestHeaderModifier':
    case 'ResponseHeaderModifier':
      addHeaders(settings, filter, origin);
      return true;
    case 'RequestRedirect':
      set(
        settings,
        'redirect',
        readRedirect(fieldsOf(filter.requestRedirect)),
        at(origin, 'requestRedirect'),
      );
      return true;
    case 'URLRewrite':
      set(
        settings,
        'rewrite',
        readRewrite(fieldsOf(filter.urlRewrite)),
        at(origin, 'urlRewrite'),
      );
      return true;
    case 'RequestMirror':
      return addMirror(
        settings,
        fieldsOf(filter.requestMirror),
        at(origin, 'requestMirror'),
        context,
      );
    case 'CORS':
      return true;
    default:
      return false;
  }
}

function addHeaders(
  settings: RuleSettings,
  filter: Fields,
  origin: Origin,
): void {
  const side = filter.type === 'RequestHeaderModifier' ? 'request' : 'response';
  const modifier = fieldsOf(filter[`${side}HeaderModifier`]);
  const toMap = (value: unknown) => {
    const map: Record<string, string> = {};
    for (const entry of fieldsListOf(value)) {
      const name = (textOf(entry.name) ?? '').toLowerCase();
      map[name] ??= typeof entry.value === 'string' ? entry.value : '';
    }
    return map;
  };
  const operations = {
    set: toMap(modifier.set),
    add: toMap(modifier.add),
    remove: modifier.remove,
  };
  set(
    settings,
    'headers',
    { ...fieldsOf(settings.fields.headers), [side]: operations },
    origin,
  );
}

/** An HTTPRoute leaves out a mirror it cannot reach; a GRPCRoute fails as a whole. */
function addMirror(
  settings: RuleSettings,
  filter: Fields,
  origin: Origin,
  context: BackendContext,
): boolean {
  const backend = readBackend(
    fieldsOf(filter.backendRef),
    at(origin, 'backendRef'),
    context,
  );
  if (!backend || backend.host === '' || !backendExists(backend, context)) {
    return origin.object.kind !== 'GRPCRoute';
  }
  const percent = mirrorPercent(filter);
  if (percent > 0) {
    settings.mirrors = [...settings.mirrors, { ...backend, percent }];
  }
  return true;
}

function mirrorPercent(filter: Fields): number {
  if (isFields(filter.fraction)) {
    const { numerator, denominator } = filter.fraction;
    return (100 * (numberOf(numerator) ?? 0)) / (numberOf(denominator) ?? 100);
  }
  return numberOf(filter.percent) ?? 100;
}

/** Unlike a VirtualService, a redirect keeps the request's port unless the scheme changes. */
function readRedirect(filter: Fields): Fields {
  const path = fieldsOf(filter.path);
  const port = numberOf(filter.port);
  const derivePort =
    filter.scheme === undefined ? 'FROM_REQUEST_PORT' : 'FROM_PROTOCOL_DEFAULT';
  return {
    redirectCode: numberOf(filter.statusCode) ?? 302,
    ...(filter.hostname === undefined ? {} : { authority: filter.hostname }),
    ...(filter.scheme === undefined ? {} : { scheme: filter.scheme }),
    ...(port === undefined ? { derivePort } : { port }),
    ...(path.type === 'ReplaceFullPath' ? { uri: path.replaceFullPath } : {}),
    ...(path.type === 'ReplacePrefixMatch'
      ? { prefixRewrite: path.replacePrefixMatch }
      : {}),
  };
}

function readRewrite(filter: Fields): Fields {
  const path = fieldsOf(filter.path);
  const prefix = textOf(path.replacePrefixMatch) ?? '';
  return {
    ...(path.type === 'ReplacePrefixMatch'
      ? { uri: prefix.replace(/\/$/, '') || '/' }
      : {}),
    ...(path.type === 'ReplaceFullPath'
      ? {
          uriRegexRewrite: {
            match: '/.*',
            rewrite: textOf(path.replaceFullPath) ?? '',
          },
        }
      : {}),
    ...(filter.hostname === undefined ? {} : { authority: filter.hostname }),
  };
}

function applyRetry(
  settings: RuleSettings,
  rule: Fields,
  origin: Origin,
): void {
  if (!isFields(rule.retry)) {
    return;
  }
  const attempts = numberOf(rule.retry.attempts) ?? 2;
  const codes = Array.isArray(rule.retry.codes) ? rule.retry.codes : [];
  const retryOn = [
    'connect-failure',
    'refused-stream',
    'unavailable',
    'cancelled',
    ...codes.map(String),
  ].join(',');
  set(settings, 'retries', { attempts, retryOn }, at(origin, 'retry'));
}

/** The timeout of one try is the whole request's where nothing is retried. */
function applyTimeouts(
  settings: RuleSettings,
  rule: Fields,
  origin: Origin,
): void {
  const timeouts = fieldsOf(rule.timeouts);
  const place = at(origin, 'timeouts');
  const request = textOf(timeouts.request);
  const perTry = textOf(timeouts.backendRequest);
  if (request !== undefined && !isZero(request)) {
    set(settings, 'timeout', request, at(place, 'request'));
  }
  if (perTry === undefined || isZero(perTry)) {
    return;
  }
  if (isFields(settings.fields.retries)) {
    settings.fields.retries = {
      ...settings.fields.retries,
      perTryTimeout: perTry,
    };
  } else {
    set(settings, 'timeout', perTry, at(place, 'backendRequest'));
  }
}

function isZero(duration: string): boolean {
  return !/[1-9]/.test(duration);
}
