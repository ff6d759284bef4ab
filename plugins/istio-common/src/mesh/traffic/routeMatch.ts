import {
  Fields,
  fieldsListOf,
  fieldsOf,
  labelsOf,
  numberOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { describeSelector, matchesLabels } from '../../resources/selector';
import { Condition } from './types';

type Operator = 'exact' | 'prefix' | 'segmentPrefix' | 'regex' | 'present';

/** One thing a match asks of a request. */
export interface Term {
  /** In words, `Header x-canary` is `['Header ', 'x-canary']`. */
  subject: string;
  name?: string;
  operator: Operator;
  value: string;
  negated?: boolean;
  ignoreCase?: boolean;
}

/** One match of a rule, of whichever kind of route: all of it must hold. */
export interface RouteMatch {
  /** Where the match applies; undefined: wherever the object does. */
  gateways?: string[];
  port?: number;
  sourceLabels?: Record<string, string>;
  sourceNamespace?: string;
  terms: Term[];
}

/** Fields of a VirtualService match that do not narrow it down. */
const SILENT = new Set(['name', 'statPrefix', 'ignoreUriCase', 'gateways']);

const SUBJECTS = {
  scheme: 'Scheme',
  method: 'Method',
  authority: 'Host',
} as const;

/** Source: istio.io reference, HTTPMatchRequest, TLSMatchAttributes, L4MatchAttributes. */
export function readVirtualServiceMatch(
  fields: Fields,
  qualifyGateway: (name: string) => string,
): RouteMatch {
  const match: RouteMatch = { terms: [] };
  const ignoreCase = fields.ignoreUriCase === true;
  const gateways = textsOf(fields.gateways);
  if (gateways.length > 0) {
    match.gateways = gateways.map(qualifyGateway);
  }
  for (const [field, value] of Object.entries(fields)) {
    switch (field) {
      case 'uri':
        addPath(match, stringMatch('Path', value, { ignoreCase }));
        break;
      case 'scheme':
      case 'method':
      case 'authority':
        match.terms.push(...stringMatch(SUBJECTS[field], value));
        break;
      case 'headers':
      case 'withoutHeaders':
        match.terms.push(
          ...named('Header ', value, field === 'withoutHeaders'),
        );
        break;
      case 'queryParams':
        match.terms.push(...named('Query parameter ', value, false));
        break;
      case 'port':
        match.port = numberOf(value);
        break;
      case 'sourceLabels':
        // Evaluated only where the match names no gateways.
        if (gateways.length === 0) {
          match.sourceLabels = labelsOf(value);
        }
        break;
      case 'sourceNamespace':
        if (gateways.length === 0 && textOf(value)) {
          match.sourceNamespace = textOf(value);
        }
        break;
      case 'sniHosts':
        match.terms.push(anyOf('TLS server name is one of', textsOf(value)));
        break;
      case 'destinationSubnets':
        match.terms.push(anyOf('Address is in', textsOf(value)));
        break;
      default:
        if (!SILENT.has(field)) {
          match.terms.push(unread(field, value));
        }
    }
  }
  return match;
}

/** Source: Gateway API reference, HTTPRouteMatch and GRPCRouteMatch. */
export function readGatewayApiMatch(fields: Fields): RouteMatch {
  const match: RouteMatch = { terms: [] };
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'path') {
      addPath(match, [readPath(fieldsOf(value))]);
    } else if (field === 'method' && typeof value === 'string') {
      match.terms.push({ subject: 'Method', operator: 'exact', value });
    } else if (field === 'method') {
      match.terms.push(readGrpcMethod(fieldsOf(value)));
    } else if (field === 'headers' || field === 'queryParams') {
      const subject = field === 'headers' ? 'Header ' : 'Query parameter ';
      match.terms.push(
        ...fieldsListOf(value).map(entry => ({
          subject,
          name: textOf(entry.name) ?? '',
          operator: operatorOf(entry.type),
          value: textOf(entry.value) ?? '',
        })),
      );
    } else {
      match.terms.push(unread(field, value));
    }
  }
  return match;
}

function readPath(path: Fields): Term {
  const type = textOf(path.type) ?? 'PathPrefix';
  return {
    subject: 'Path',
    operator: type === 'PathPrefix' ? 'segmentPrefix' : operatorOf(type),
    value: textOf(path.value) ?? '/',
  };
}

function readGrpcMethod(method: Fields): Term {
  return {
    subject: 'gRPC method',
    operator: operatorOf(method.type),
    value: [textOf(method.service) ?? '*', textOf(method.method) ?? '*'].join(
      '/',
    ),
  };
}

function operatorOf(type: unknown): Operator {
  return type === 'RegularExpression' ? 'regex' : 'exact';
}

function stringMatch(
  subject: string,
  value: unknown,
  rest: Pick<Term, 'name' | 'negated' | 'ignoreCase'> = {},
): Term[] {
  const fields = fieldsOf(value);
  for (const operator of ['exact', 'prefix', 'regex'] as const) {
    const text = fields[operator];
    if (typeof text === 'string') {
      return [{ subject, operator, value: text, ...clean(rest) }];
    }
  }
  return [{ subject, operator: 'present', value: '', ...clean(rest) }];
}

function clean(rest: Pick<Term, 'name' | 'negated' | 'ignoreCase'>) {
  return Object.fromEntries(
    Object.entries(rest).filter(
      ([, value]) => value !== undefined && value !== false,
    ),
  );
}

function named(subject: string, value: unknown, negated: boolean): Term[] {
  return Object.entries(fieldsOf(value)).flatMap(([name, match]) =>
    stringMatch(subject, match, { name, negated }),
  );
}

/** A path that every request has narrows nothing down. */
function addPath(match: RouteMatch, terms: Term[]): void {
  match.terms.push(...terms.filter(term => !isAnyPath(term)));
}

function isAnyPath({ operator, value }: Term): boolean {
  return operator === 'regex'
    ? value === '.*' || value === '*'
    : (operator === 'prefix' || operator === 'segmentPrefix') &&
        (value === '/' || value === '');
}

function anyOf(subject: string, values: readonly string[]): Term {
  return { subject, operator: 'present', value: [...values].sort().join(', ') };
}

/** A field this reading does not know: named, never taken for something another rule covers. */
function unread(field: string, value: unknown): Term {
  return {
    subject: `\`${field}\` is`,
    operator: 'present',
    value: JSON.stringify(value),
  };
}

/** Whether the match leaves nothing out. */
export function isAnyRequest(match: RouteMatch): boolean {
  return (
    match.terms.length === 0 &&
    match.port === undefined &&
    match.sourceLabels === undefined &&
    match.sourceNamespace === undefined
  );
}

/** Whether every request that `inner` takes is one that `outer` takes. Says no when it cannot tell. */
export function covers(
  outer: RouteMatch,
  inner: RouteMatch,
  gateways: readonly string[],
): boolean {
  const reach = outer.gateways ?? gateways;
  return (
    (inner.gateways ?? gateways).every(gateway => reach.includes(gateway)) &&
    (outer.port === undefined || outer.port === inner.port) &&
    (outer.sourceNamespace === undefined ||
      outer.sourceNamespace === inner.sourceNamespace) &&
    (outer.sourceLabels === undefined ||
      (inner.sourceLabels !== undefined &&
        matchesLabels(outer.sourceLabels, inner.sourceLabels))) &&
    outer.terms.every(term => inner.terms.some(other => implies(other, term)))
  );
}

/** Whether a request that meets `a` always meets `b`. */
function implies(a: Term, b: Term): boolean {
  if (
    a.subject !== b.subject ||
    a.name?.toLowerCase() !== b.name?.toLowerCase() ||
    Boolean(a.negated) !== Boolean(b.negated)
  ) {
    return false;
  }
  if (
    a.operator === b.operator &&
    a.value === b.value &&
    Boolean(a.ignoreCase) === Boolean(b.ignoreCase)
  ) {
    return true;
  }
  if (a.negated) {
    return false;
  }
  if (b.operator === 'present' && b.value === '' && b.name !== undefined) {
    return true;
  }
  return startsWithin(a, b);
}

function startsWithin(a: Term, b: Term): boolean {
  const fold = (text: string) => (b.ignoreCase ? text.toLowerCase() : text);
  if (a.ignoreCase && !b.ignoreCase) {
    return false;
  }
  const [x, y] = [fold(a.value), fold(b.value)];
  if (b.operator === 'prefix') {
    return (
      (a.operator === 'exact' || a.operator === 'prefix') && x.startsWith(y)
    );
  }
  if (b.operator === 'segmentPrefix') {
    const base = y.endsWith('/') ? y : `${y}/`;
    return (
      (a.operator === 'exact' || a.operator === 'segmentPrefix') &&
      (x === y || x.startsWith(base))
    );
  }
  return false;
}

const OPERATOR_WORDS: Readonly<Record<Operator, [string, string]>> = {
  exact: [' is exactly ', ' is not exactly '],
  prefix: [' starts with ', ' does not start with '],
  segmentPrefix: [' starts with ', ' does not start with '],
  regex: [' matches ', ' does not match '],
  present: [' is present', ' is absent'],
};

/** "Header x-canary is exactly v2", terms joined by "and". */
export function describeMatch(
  match: RouteMatch,
  options: { showGateways: boolean; showPort: boolean },
): Condition {
  const phrases: Condition[] = match.terms.map(describeTerm);
  if (options.showPort && match.port !== undefined) {
    phrases.push([words('Port is '), literal(String(match.port))]);
  }
  if (match.sourceNamespace !== undefined) {
    phrases.push([words('From namespace '), literal(match.sourceNamespace)]);
  }
  if (match.sourceLabels !== undefined) {
    phrases.push([
      words('From pods with '),
      literal(describeSelector(match.sourceLabels)),
    ]);
  }
  if (options.showGateways && match.gateways) {
    phrases.push([words('Through '), literal(match.gateways.join(', '))]);
  }
  return phrases.flatMap((phrase, index) =>
    index === 0 ? phrase : [words(' and '), ...lowerFirst(phrase)],
  );
}

function describeTerm(term: Term): Condition {
  const { subject, name, operator, value, negated, ignoreCase } = term;
  const start =
    name === undefined ? [words(subject)] : [words(subject), literal(name)];
  if (operator === 'present' && name === undefined && value !== '') {
    return [words(`${subject} `), literal(value)];
  }
  const verb =
    subject === 'Method' && operator === 'exact'
      ? ' is '
      : OPERATOR_WORDS[operator][negated ? 1 : 0];
  const end =
    operator === 'present' ? [words(verb)] : [words(verb), literal(value)];
  return [...start, ...end, ...(ignoreCase ? [words(' in any case')] : [])];
}

function words(text: string): Condition[number] {
  return { text, literal: false };
}

function literal(text: string): Condition[number] {
  return { text, literal: true };
}

function lowerFirst([first, ...rest]: Condition): Condition {
  if (first.literal || /^gRPC|^TLS/.test(first.text)) {
    return [first, ...rest];
  }
  const { text } = first;
  return [words(text.charAt(0).toLowerCase() + text.slice(1)), ...rest];
}
