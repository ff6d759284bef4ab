import type { Field } from '../Field';
import { checkTexts, checkWhole } from '../rules/shapes';

/** What a patch of an EnvoyFilter is applied to. */
export type PatchTarget =
  | 'INVALID'
  | 'LISTENER'
  | 'FILTER_CHAIN'
  | 'NETWORK_FILTER'
  | 'HTTP_FILTER'
  | 'ROUTE_CONFIGURATION'
  | 'VIRTUAL_HOST'
  | 'HTTP_ROUTE'
  | 'CLUSTER'
  | 'EXTENSION_CONFIG'
  | 'BOOTSTRAP'
  | 'LISTENER_FILTER';

/** The one object of Envoy in which a target can lie; none named here means any. */
const OBJECTS: Readonly<Partial<Record<PatchTarget, string>>> = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

const HTTP_MANAGERS = [
  'envoy.filters.network.http_connection_manager',
  'envoy.http_connection_manager',
];

/** Names that Envoy's filters had once. Source: istio/istio pkg/config/xds DeprecatedFilterNames. */
const OLD_NAMES = new Set(
  (
    'buffer cors csrf http_dynamo_filter ext_authz fault grpc_http1_bridge grpc_json_transcoder grpc_web gzip ' +
    'health_check ip_tagging lua rate_limit router squash listener.http_inspector listener.original_dst ' +
    'listener.original_src listener.proxy_protocol listener.tls_inspector client_ssl_auth ' +
    'http_connection_manager mongo_proxy ratelimit redis_proxy tcp_proxy'
  )
    .split(' ')
    .map(name => `envoy.${name}`),
);

/** Reads what a match says of its object, for its types. */
export function readMatchedObjects(match: Field): void {
  for (const name of Object.values(OBJECTS).concat('waypoint')) {
    const object = match.at(name);
    checkTexts(object, ['name', 'portName', 'gateway', 'service', 'subset']);
    checkTexts(object, ['listenerFilter']);
    checkWhole(object.at('portNumber'), { least: 0 });
  }
  const chain = match.at('listener').at('filterChain');
  checkTexts(chain, ['name', 'sni', 'transportProtocol']);
  checkTexts(chain, ['applicationProtocols']);
  checkWhole(chain.at('destinationPort'), { least: 0 });
  for (const filter of [
    chain.at('filter'),
    match.at('waypoint').at('filter'),
  ]) {
    checkTexts(filter, ['name']);
    checkTexts(filter.at('subFilter'), ['name']);
  }
  checkTexts(match.at('waypoint').at('route'), ['name']);
  const host = match.at('routeConfiguration').at('vhost');
  checkTexts(host, ['name', 'domainName']);
  checkTexts(host.at('route'), ['name']);
  host
    .at('route')
    .at('action')
    .choice(['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE']);
}

/** Whether what is matched can hold what is patched. Source: validateEnvoyFilter. */
export function checkMatch(options: {
  match: Field;
  target: PatchTarget;
  /** The object that the match names. */
  object: string | undefined;
}): void {
  const { match, target, object } = options;
  const fitting = OBJECTS[target];
  if (fitting && object && object !== fitting) {
    match
      .at(object)
      .error(`must be ${fitting} for what is applied to ${target}`);
  } else if (fitting === 'listener') {
    checkFilter(match.at('listener').at('filterChain').at('filter'), target);
  }
}

function checkFilter(filter: Field, target: PatchTarget): void {
  if (!filter.isSet) {
    return;
  }
  if (target === 'LISTENER' || target === 'FILTER_CHAIN') {
    filter.warn(`has no effect on what is applied to ${target}`);
  }
  const name = filter.at('name').text();
  const inner = filter.at('subFilter');
  if (name === '') {
    filter.at('name').error('is required: the filter to be matched');
  } else if (inner.isSet && target !== 'HTTP_FILTER') {
    inner.error('is for what is applied to HTTP_FILTER only');
  } else if (inner.isSet && !HTTP_MANAGERS.includes(name)) {
    filter
      .at('name')
      .error(`must be ${HTTP_MANAGERS[0]}, in which a subFilter lies`);
  } else if (inner.isSet && inner.at('name').text() === '') {
    inner.at('name').error('is required: the HTTP filter to be matched');
  } else {
    [filter.at('name'), inner.at('name')].forEach(warnOfOldName);
  }
}

function warnOfOldName(field: Field): void {
  if (OLD_NAMES.has(field.text())) {
    field.warn(
      'is the old name of a filter; write the one that starts with envoy.filters.',
    );
  }
}
