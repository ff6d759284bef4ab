import { fieldsListOf, textOf, type Fields } from '../../resources/fields';
import { covers, readGatewayApiMatch } from '../../mesh/traffic/routeMatch';
import {
  cookiePattern,
  quotePattern,
  readCookiePattern,
  unquotePattern,
} from './cookiePattern';
import { isSame, type MatchDialect } from './matchDialect';
import type { AudienceCondition } from './schema';

const EDITED = ['path', 'headers', 'queryParams'];

/** Takes any value: a route of the Gateway API has no "is there". */
const ANYTHING = '.*';

const PATH_TYPES = {
  exact: 'Exact',
  prefix: 'PathPrefix',
  regex: 'RegularExpression',
} as const;

/** Source: Gateway API reference, HTTPRouteMatch; istio/istio reads patterns as RE2 over the whole value. */
export const httpRouteMatch: MatchDialect = {
  field: 'matches',
  add: (match, condition) => {
    switch (condition.by) {
      case 'path':
        return addPath(match, {
          type: PATH_TYPES[condition.op],
          value: condition.value,
        });
      case 'header':
        return addNamed(match, 'headers', writeHeader(condition));
      case 'cookie':
        return addNamed(match, 'headers', {
          type: 'RegularExpression',
          name: 'cookie',
          value: cookiePattern(condition.name, condition.value),
        });
      case 'query':
        return addNamed(match, 'queryParams', {
          type: PATH_TYPES[condition.op],
          name: condition.name,
          value: condition.value,
        });
      default:
        return { why: 'an HTTPRoute cannot ask for it' };
    }
  },
  extract: (base, match) => {
    const names = new Set([...Object.keys(base), ...Object.keys(match)]);
    const foreign = [...names].some(
      name => !EDITED.includes(name) && !isSame(base[name], match[name]),
    );
    const found = foreign
      ? [undefined]
      : [
          ...extractPath(base.path, match.path),
          ...extractNamed(base.headers, match.headers, readHeader),
          ...extractNamed(base.queryParams, match.queryParams, readQuery),
        ];
    const known = found.filter(condition => condition !== undefined);
    return known.length > 0 && known.length === found.length
      ? known
      : undefined;
  },
  read: readGatewayApiMatch,
};

function writeHeader(
  condition: Extract<AudienceCondition, { by: 'header' }>,
): Fields {
  const { name, op, value = '' } = condition;
  switch (op) {
    case 'exact':
      return { type: 'Exact', name, value };
    case 'present':
      return { type: 'RegularExpression', name, value: ANYTHING };
    case 'prefix':
      return {
        type: 'RegularExpression',
        name,
        value: `${quotePattern(value)}${ANYTHING}`,
      };
    default:
      return { type: 'RegularExpression', name, value };
  }
}

function addPath(match: Fields, path: Fields): Fields | { why: string } {
  const next = { ...match, path };
  return covers(readGatewayApiMatch(match), readGatewayApiMatch(next), [])
    ? next
    : { why: 'the route itself asks for another path' };
}

function addNamed(
  match: Fields,
  field: 'headers' | 'queryParams',
  entry: Fields,
): Fields | { why: string } {
  const present = fieldsListOf(match[field]);
  const taken = present.some(each => nameOf(each) === nameOf(entry));
  return taken
    ? { why: `the route itself asks for ${entry.name} already` }
    : { ...match, [field]: [...present, entry] };
}

function nameOf(entry: Fields): string {
  return (textOf(entry.name) ?? '').toLowerCase();
}

type Found = (AudienceCondition | undefined)[];

/** Without a path every path is meant. */
function extractPath(base: unknown, written: unknown): Found {
  const [own, path] = [base, written].map(value =>
    readGatewayApiMatch(value === undefined ? {} : { path: value }).terms.at(0),
  );
  if (isSame(own, path)) {
    return [];
  }
  if (!path) {
    return [undefined];
  }
  const { operator, value } = path;
  switch (operator) {
    case 'exact':
    case 'regex':
      return [{ by: 'path', op: operator, value }];
    case 'segmentPrefix':
      return [{ by: 'path', op: 'prefix', value }];
    default:
      return [undefined];
  }
}

function extractNamed(
  base: unknown,
  written: unknown,
  read: (entry: Fields) => AudienceCondition | undefined,
): Found {
  const own = fieldsListOf(base);
  const all = fieldsListOf(written);
  const lost = own.some(entry => !all.some(each => isSame(each, entry)));
  return lost
    ? [undefined]
    : all.filter(entry => !own.some(each => isSame(each, entry))).map(read);
}

function readHeader(entry: Fields): AudienceCondition | undefined {
  const name = nameOf(entry);
  const value = textOf(entry.value);
  if (value === undefined) {
    return undefined;
  }
  if (entry.type === undefined || entry.type === 'Exact') {
    return { by: 'header', name, op: 'exact', value };
  }
  if (entry.type !== 'RegularExpression') {
    return undefined;
  }
  const cookie = name === 'cookie' ? readCookiePattern(value) : undefined;
  if (cookie) {
    return { by: 'cookie', ...cookie };
  }
  if (value === ANYTHING || value === '.+') {
    return { by: 'header', name, op: 'present' };
  }
  const start = value.endsWith(ANYTHING)
    ? unquotePattern(value.slice(0, -ANYTHING.length))
    : undefined;
  return start
    ? { by: 'header', name, op: 'prefix', value: start }
    : { by: 'header', name, op: 'regex', value };
}

function readQuery(entry: Fields): AudienceCondition | undefined {
  const name = textOf(entry.name);
  const value = textOf(entry.value);
  if (name === undefined || value === undefined) {
    return undefined;
  }
  if (entry.type === undefined || entry.type === 'Exact') {
    return { by: 'query', name, op: 'exact', value };
  }
  return entry.type === 'RegularExpression'
    ? { by: 'query', name, op: 'regex', value }
    : undefined;
}
