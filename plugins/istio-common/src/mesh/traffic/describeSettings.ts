import {
  entryOf,
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { formatWrittenDuration } from '../../telemetry/format';

type Describe = (value: unknown, rule: Fields) => string[];

/** What a rule says in the columns of its own: conditions, name, destinations, where it ends. */
const SHOWN = new Set([
  'name',
  'match',
  'matches',
  'route',
  'backendRefs',
  'redirect',
  'directResponse',
  'delegate',
  'mirrorPercentage',
  'mirrorPercent',
  'mirror_percent',
]);

const DESCRIBE: Readonly<Record<string, Describe>> = {
  timeout: value => [`has a time limit of ${describeLength(value)}`],
  timeouts: value =>
    Object.entries(fieldsOf(value)).map(
      ([field, limit]) =>
        `has a time limit of ${describeLength(limit)} (timeouts.${field})`,
    ),
  retries: value => [describeRetries(fieldsOf(value))],
  retry: value => [describeRetries(fieldsOf(value))],
  fault: value => describeFault(fieldsOf(value)),
  mirror: (value, rule) => [describeMirror(fieldsOf(value), percentOf(rule))],
  mirrors: value =>
    fieldsListOf(value).map(mirror =>
      describeMirror(
        fieldsOf(mirror.destination),
        numberOf(fieldsOf(mirror.percentage).value),
      ),
    ),
  corsPolicy: () => ['answers browsers of other origins (CORS)'],
  headers: value => describeHeaders(fieldsOf(value)),
  rewrite: value => [describeRewrite(fieldsOf(value))],
  filters: value => fieldsListOf(value).flatMap(describeFilter),
  sessionPersistence: () => ['keeps a session on one backend'],
};

/**
 * Everything a rule sets beside its conditions and weights, in words after "it". A field nobody described
 * here is named rather than passed over.
 */
export function describeSettings(options: {
  rule: Fields;
  /** Entries of `route` or `backendRefs`, with the name a person knows each by. */
  destinations: readonly { label: string; fields: Fields }[];
}): string[] {
  const { rule, destinations } = options;
  return [
    ...Object.entries(rule).flatMap(([field, value]) => {
      if (SHOWN.has(field)) {
        return [];
      }
      const describe = entryOf(DESCRIBE, field);
      return describe ? describe(value, rule) : [`sets \`${field}\``];
    }),
    ...destinations.flatMap(({ label, fields }) =>
      (['headers', 'filters'] as const).flatMap(field =>
        fields[field] === undefined
          ? []
          : DESCRIBE[field](fields[field], fields).map(
              text => `${text}, for ${label} only`,
            ),
      ),
    ),
  ];
}

function describeLength(value: unknown): string {
  return formatWrittenDuration(String(value));
}

function describeRetries(retries: Fields): string {
  const attempts = numberOf(retries.attempts) ?? 0;
  const on = textOf(retries.retryOn);
  return attempts === 0
    ? 'turns retries off'
    : `retries up to ${attempts} ${attempts === 1 ? 'time' : 'times'}${
        on ? ` (${on})` : ''
      }`;
}

function describeFault(fault: Fields): string[] {
  const part = (kind: 'delay' | 'abort', text: string) => {
    if (!isFields(fault[kind])) {
      return [];
    }
    const percent = numberOf(fieldsOf(fieldsOf(fault[kind]).percentage).value);
    const share = percent === undefined ? '' : `${percent} % of `;
    return [`${text} ${share}requests on purpose`];
  };
  return [...part('delay', 'delays'), ...part('abort', 'fails')];
}

function percentOf(rule: Fields): number | undefined {
  return (
    numberOf(fieldsOf(rule.mirrorPercentage).value) ??
    numberOf(rule.mirrorPercent) ??
    numberOf(rule.mirror_percent)
  );
}

function describeMirror(
  destination: Fields,
  percent: number | undefined,
): string {
  const subset = textOf(destination.subset);
  const share =
    percent === undefined || percent === 100 ? '' : `${percent} % of the `;
  return `copies ${share}requests to ${
    textOf(destination.host) ?? textOf(destination.name) ?? 'another host'
  }${subset ? ` (${subset})` : ''}`;
}

function describeHeaders(headers: Fields): string[] {
  return (['request', 'response'] as const).flatMap(side => {
    const edits = fieldsOf(headers[side]);
    return [
      ...Object.keys(fieldsOf(edits.add)).map(
        name => `adds the ${side} header ${name}`,
      ),
      ...Object.keys(fieldsOf(edits.set)).map(
        name => `sets the ${side} header ${name}`,
      ),
      ...textsOf(edits.remove).map(
        name => `removes the ${side} header ${name}`,
      ),
    ];
  });
}

function describeRewrite(rewrite: Fields): string {
  const authority = textOf(rewrite.authority) ?? textOf(rewrite.hostname);
  const path = [rewrite.uri, rewrite.uriRegexRewrite, rewrite.path].some(
    value => value !== undefined,
  );
  return (
    [
      path ? 'rewrites the path' : '',
      authority ? `rewrites the host to ${authority}` : '',
    ]
      .filter(text => text !== '')
      .join(' and ') || 'rewrites requests'
  );
}

/** Source: Gateway API reference, HTTPRouteFilter. */
function describeFilter(filter: Fields): string[] {
  switch (filter.type) {
    case 'RequestHeaderModifier':
      return describeModifier(
        fieldsOf(filter.requestHeaderModifier),
        'request',
      );
    case 'ResponseHeaderModifier':
      return describeModifier(
        fieldsOf(filter.responseHeaderModifier),
        'response',
      );
    case 'RequestMirror': {
      const mirror = fieldsOf(filter.requestMirror);
      return [
        describeMirror(fieldsOf(mirror.backendRef), numberOf(mirror.percent)),
      ];
    }
    case 'URLRewrite':
      return [describeRewrite(fieldsOf(filter.urlRewrite))];
    case 'RequestRedirect':
      return [];
    case 'CORS':
      return ['answers browsers of other origins (CORS)'];
    default:
      return [`has the filter \`${textOf(filter.type) ?? 'unknown'}\``];
  }
}

function describeModifier(edits: Fields, side: string): string[] {
  const names = (field: string) =>
    fieldsListOf(edits[field]).map(({ name }) => String(name));
  return [
    ...names('add').map(name => `adds the ${side} header ${name}`),
    ...names('set').map(name => `sets the ${side} header ${name}`),
    ...textsOf(edits.remove).map(name => `removes the ${side} header ${name}`),
  ];
}
