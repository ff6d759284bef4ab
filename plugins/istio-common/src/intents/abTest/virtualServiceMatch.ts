import {
  fieldsOf,
  isFields,
  labelsOf,
  textOf,
  type Fields,
} from '../../resources/fields';
import { covers, readVirtualServiceMatch } from '../../mesh/traffic/routeMatch';
import { isClaimHeader } from '../../validation/rules/headers';
import { cookiePattern, readCookiePattern } from './cookiePattern';
import { isSame, type MatchDialect } from './matchDialect';
import type { AudienceCondition } from './schema';

const CLAIMS = '@request.auth.claims';

/** Fields that the form writes; a match may differ from the route's own in these alone. */
const EDITED = [
  'uri',
  'headers',
  'queryParams',
  'sourceNamespace',
  'sourceLabels',
];

/** Source: istio.io reference, HTTPMatchRequest and StringMatch. */
export const virtualServiceMatch: MatchDialect = {
  field: 'match',
  add: (match, condition) => {
    switch (condition.by) {
      case 'path':
        return addPath(match, { [condition.op]: condition.value });
      case 'header':
        return addNamed(match, 'headers', {
          name: condition.name,
          value:
            condition.op === 'present'
              ? {}
              : { [condition.op]: condition.value },
        });
      case 'cookie':
        return addNamed(match, 'headers', {
          name: 'cookie',
          value: { regex: cookiePattern(condition.name, condition.value) },
        });
      case 'claim':
        return addNamed(match, 'headers', {
          name: claimHeader(condition.name),
          value: { exact: condition.value },
        });
      case 'query':
        return addNamed(match, 'queryParams', {
          name: condition.name,
          value: { [condition.op]: condition.value },
        });
      case 'sourceNamespace':
        return addOnce(match, 'sourceNamespace', condition.namespace);
      default:
        return addOnce(match, 'sourceLabels', { ...condition.labels });
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
          ...extractPath(base.uri, match.uri),
          ...extractNamed(base.headers, match.headers, readHeader),
          ...extractNamed(base.queryParams, match.queryParams, readQuery),
          ...extractSource(base, match),
        ];
    const known = found.filter(condition => condition !== undefined);
    return known.length > 0 && known.length === found.length
      ? known
      : undefined;
  },
  read: match => readVirtualServiceMatch(match, name => name),
};

function addPath(match: Fields, uri: Fields): Fields | { why: string } {
  const next = { ...match, uri };
  return match.uri === undefined ||
    covers(virtualServiceMatch.read(match), virtualServiceMatch.read(next), [])
    ? next
    : { why: 'the route itself asks for another path' };
}

function addNamed(
  match: Fields,
  field: 'headers' | 'queryParams',
  entry: { name: string; value: Fields },
): Fields | { why: string } {
  const present = fieldsOf(match[field]);
  const taken = Object.keys(present).some(
    name => name.toLowerCase() === entry.name.toLowerCase(),
  );
  return taken
    ? { why: `the route itself asks for ${entry.name} already` }
    : { ...match, [field]: { ...present, [entry.name]: entry.value } };
}

function addOnce(
  match: Fields,
  field: 'sourceNamespace' | 'sourceLabels',
  value: unknown,
): Fields | { why: string } {
  return match[field] === undefined
    ? { ...match, [field]: value }
    : { why: 'the route itself asks for certain callers already' };
}

function claimHeader(name: string): string {
  return name.startsWith('[') ? `${CLAIMS}${name}` : `${CLAIMS}.${name}`;
}

type Found = (AudienceCondition | undefined)[];

function extractPath(base: unknown, uri: unknown): Found {
  if (isSame(base, uri)) {
    return [];
  }
  const match = readStringMatch(uri);
  return [
    match && match.op !== 'present'
      ? { by: 'path', op: match.op, value: match.value }
      : undefined,
  ];
}

/** Entries beside the route's own, which must all be there. */
function extractNamed(
  base: unknown,
  written: unknown,
  read: (name: string, value: unknown) => AudienceCondition | undefined,
): Found {
  const own = fieldsOf(base);
  const all = fieldsOf(written);
  const lost = Object.keys(own).some(name => !isSame(own[name], all[name]));
  return lost
    ? [undefined]
    : Object.entries(all)
        .filter(([name]) => !(name in own))
        .map(([name, value]) => read(name, value));
}

function readHeader(
  name: string,
  value: unknown,
): AudienceCondition | undefined {
  const match = readStringMatch(value);
  if (!match) {
    return undefined;
  }
  if (isClaimHeader(name)) {
    const rest = name.slice(CLAIMS.length);
    return match.op === 'exact'
      ? {
          by: 'claim',
          name: rest.startsWith('.') ? rest.slice(1) : rest,
          value: match.value,
        }
      : undefined;
  }
  const lower = name.toLowerCase();
  const cookie =
    lower === 'cookie' && match.op === 'regex'
      ? readCookiePattern(match.value)
      : undefined;
  if (cookie) {
    return { by: 'cookie', ...cookie };
  }
  return match.op === 'present'
    ? { by: 'header', name: lower, op: 'present' }
    : { by: 'header', name: lower, op: match.op, value: match.value };
}

function readQuery(
  name: string,
  value: unknown,
): AudienceCondition | undefined {
  const match = readStringMatch(value);
  return match && (match.op === 'exact' || match.op === 'regex')
    ? { by: 'query', name, op: match.op, value: match.value }
    : undefined;
}

function extractSource(base: Fields, match: Fields): Found {
  const found: Found = [];
  if (!isSame(base.sourceNamespace, match.sourceNamespace)) {
    const namespace = textOf(match.sourceNamespace);
    found.push(
      namespace !== undefined && base.sourceNamespace === undefined
        ? { by: 'sourceNamespace', namespace }
        : undefined,
    );
  }
  if (!isSame(base.sourceLabels, match.sourceLabels)) {
    const labels = labelsOf(match.sourceLabels);
    found.push(
      base.sourceLabels === undefined && Object.keys(labels).length > 0
        ? { by: 'sourceWorkload', labels }
        : undefined,
    );
  }
  return found;
}

type StringMatch =
  | { op: 'exact' | 'prefix' | 'regex'; value: string }
  | { op: 'present' };

function readStringMatch(value: unknown): StringMatch | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) {
    return { op: 'present' };
  }
  const [[op, text]] = entries;
  const known = op === 'exact' || op === 'prefix' || op === 'regex';
  return entries.length === 1 && known && typeof text === 'string' && text
    ? { op, value: text }
    : undefined;
}
