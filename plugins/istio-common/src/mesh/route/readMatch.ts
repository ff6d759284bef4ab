import {
  Fields,
  fieldsOf,
  labelsOf,
  numberOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { resolveGatewayName } from '../../resources/gateway';
import {
  CallerMatch,
  HttpMatch,
  L4Match,
  NamedMatch,
  Origin,
} from './routeTable';
import { readStringMatch, StringMatch } from './stringMatch';

/** The part of a match that is about the caller; gateway names become `namespace/name`. */
function readCaller(fields: Fields, origin: Origin): CallerMatch {
  const namespace = origin.object.metadata.namespace ?? '';
  const match: CallerMatch = {
    ...origin,
    gateways: textsOf(fields.gateways).map(name =>
      resolveGatewayName(name, namespace),
    ),
    sourceLabels: labelsOf(fields.sourceLabels),
  };
  const name = textOf(fields.name);
  const port = numberOf(fields.port);
  const sourceNamespace = textOf(fields.sourceNamespace);
  if (name !== undefined) {
    match.name = name;
  }
  if (port !== undefined && port !== 0) {
    match.port = port;
  }
  if (sourceNamespace !== undefined) {
    match.sourceNamespace = sourceNamespace;
  }
  return match;
}

/** Source: istio.io reference, HTTPMatchRequest. */
export function readHttpMatch(fields: Fields, origin: Origin): HttpMatch {
  const match: HttpMatch = {
    ...readCaller(fields, origin),
    ignoreUriCase: fields.ignoreUriCase === true,
    wholeSegments: false,
    headers: readNamed(fields.headers),
    withoutHeaders: readNamed(fields.withoutHeaders),
    queryParams: readNamed(fields.queryParams),
  };
  const uri = readOptional(fields.uri);
  // An empty match type on a path asks for nothing: Istio leaves its own prefix `/`.
  if (uri && uri.kind !== 'present') {
    match.uri = uri;
  }
  for (const name of ['scheme', 'method', 'authority'] as const) {
    const value = readOptional(fields[name]);
    if (value) {
      match[name] = value;
    }
  }
  return match;
}

function readOptional(value: unknown): StringMatch | undefined {
  return value === undefined || value === null
    ? undefined
    : readStringMatch(value);
}

function readNamed(value: unknown): NamedMatch[] {
  return Object.entries(fieldsOf(value)).map(([name, match]) => [
    name,
    readStringMatch(match),
  ]);
}

/** Source: istio.io reference, TLSMatchAttributes and L4MatchAttributes. */
export function readL4Match(fields: Fields, origin: Origin): L4Match {
  return {
    ...readCaller(fields, origin),
    sniHosts: textsOf(fields.sniHosts),
    destinationSubnets: textsOf(fields.destinationSubnets),
  };
}
