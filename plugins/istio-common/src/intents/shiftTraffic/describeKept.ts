import {
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
  textsOf,
  type Fields,
} from '../../resources/fields';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { RouteRule } from './routeRule';

/**
 * What the object holds beside the weights of this rule, in words a sentence can list: all of it
 * stays as it is. A field nobody described here is named, not passed over.
 */
export function describeKept(options: {
  object: KubeObject;
  rule: RouteRule;
}): string[] {
  const { object, rule } = options;
  const others = Object.entries(fieldsOf(object.spec)).reduce(
    (count, [section, value]) =>
      ['http', 'tcp', 'tls', 'rules'].includes(section)
        ? count + fieldsListOf(value).length
        : count,
    -1,
  );
  return [
    ...describeFields(rule.rule, rule.list),
    ...rule.entries.flatMap((entry, index) =>
      describeDestination(entry, rule.destinations[index].key),
    ),
    ...(others > 0
      ? [
          `${others} other ${
            others === 1 ? 'rule' : 'rules'
          } of ${describeObject(object)}`,
        ]
      : []),
  ];
}

/** Fields that say nothing of their own beside the ones described. */
const SILENT = ['name', 'mirrorPercentage', 'mirrorPercent', 'mirror_percent'];

const DESCRIBE: Record<string, (value: unknown) => string[]> = {
  match: () => ['applies only to requests that meet its conditions'],
  matches: value =>
    fieldsListOf(value).length > 0 && !matchesAll(value)
      ? ['applies only to requests that meet its conditions']
      : [],
  headers: value => [
    ...describeHeaders(fieldsOf(value).request, 'request'),
    ...describeHeaders(fieldsOf(value).response, 'response'),
  ],
  timeout: value => [`times out after ${textOf(value) ?? 'a set time'}`],
  timeouts: () => ['has its own timeouts'],
  retries: value => {
    const attempts = numberOf(fieldsOf(value).attempts);
    return [
      attempts === undefined
        ? 'has its own retries'
        : `retries up to ${attempts} times`,
    ];
  },
  retry: () => ['has its own retries'],
  fault: value =>
    ['delay', 'abort']
      .filter(kind => isFields(fieldsOf(value)[kind]))
      .map(kind => (kind === 'delay' ? 'delays requests' : 'aborts requests')),
  mirror: value => [`mirrors to ${textOf(fieldsOf(value).host) ?? 'a host'}`],
  mirrors: value =>
    fieldsListOf(value).map(
      mirror =>
        `mirrors to ${textOf(fieldsOf(mirror.destination).host) ?? 'a host'}`,
    ),
  corsPolicy: () => ['has a CORS policy'],
  rewrite: value => [
    `rewrites the ${
      Object.keys(fieldsOf(value)).includes('authority') ? 'host' : 'path'
    }`,
  ],
  filters: value => fieldsListOf(value).flatMap(describeFilter),
};

function describeFields(rule: Fields, list: string): string[] {
  return Object.entries(rule).flatMap(([field, value]) =>
    field === list || SILENT.includes(field)
      ? []
      : DESCRIBE[field]?.(value) ?? [`sets ${field}`],
  );
}

function describeDestination(entry: Fields, key: string): string[] {
  return ['headers', 'filters'].flatMap(field =>
    (DESCRIBE[field]?.(entry[field]) ?? []).map(text => `${text} (${key})`),
  );
}

function describeHeaders(value: unknown, side: string): string[] {
  const headers = fieldsOf(value);
  return [
    ...Object.keys(fieldsOf(headers.add)).map(
      name => `adds the ${side} header ${name}`,
    ),
    ...Object.keys(fieldsOf(headers.set)).map(
      name => `sets the ${side} header ${name}`,
    ),
    ...textsOf(headers.remove).map(
      name => `removes the ${side} header ${name}`,
    ),
  ];
}

/** Source: Gateway API, HTTPRouteFilter. */
function describeFilter(filter: Fields): string[] {
  switch (filter.type) {
    case 'RequestHeaderModifier':
      return describeModifier(filter.requestHeaderModifier, 'request');
    case 'ResponseHeaderModifier':
      return describeModifier(filter.responseHeaderModifier, 'response');
    case 'RequestMirror': {
      const backend = fieldsOf(fieldsOf(filter.requestMirror).backendRef);
      return [`mirrors to ${textOf(backend.name) ?? 'a backend'}`];
    }
    case 'URLRewrite':
      return ['rewrites the URL'];
    default:
      return [`has the filter ${textOf(filter.type) ?? 'of unknown type'}`];
  }
}

function describeModifier(value: unknown, side: string): string[] {
  const names = (field: string) =>
    fieldsListOf(fieldsOf(value)[field]).map(({ name }) => name);
  return [
    ...names('add').map(name => `adds the ${side} header ${name}`),
    ...names('set').map(name => `sets the ${side} header ${name}`),
    ...textsOf(fieldsOf(value).remove).map(
      name => `removes the ${side} header ${name}`,
    ),
  ];
}

/** The match the API server fills in where none is written: any path. */
function matchesAll(value: unknown): boolean {
  return fieldsListOf(value).every(match => {
    const path = fieldsOf(match.path);
    return (
      Object.keys(match).every(field => field === 'path') &&
      (path.type ?? 'PathPrefix') === 'PathPrefix' &&
      (path.value ?? '/') === '/'
    );
  });
}
