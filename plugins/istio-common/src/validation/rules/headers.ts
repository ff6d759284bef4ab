import { type Field, quote } from '../Field';

const TOKEN = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO = [':method', ':scheme', ':authority', ':path', ':status'];
const CLAIMS = '@request.auth.claims';

/** A header that stands for a claim of the caller's token. Source: jwt.ToRoutingClaim. */
export function isClaimHeader(name: string): boolean {
  if (!name.toLowerCase().startsWith(CLAIMS)) {
    return false;
  }
  const rest = name.slice(CLAIMS.length);
  return (
    (rest.startsWith('.') && rest.length > 1) ||
    (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2)
  );
}

/** Source: ValidateHTTPHeaderNameOrJwtClaimRoute. */
export function checkMatchedHeader(field: Field, name: string): void {
  if (!isClaimHeader(name) && !PSEUDO.includes(name) && !TOKEN.test(name)) {
    field.error(`${quote(name)} is no header name`);
  }
}

/** Source: ValidateCORSHTTPHeaderName. */
export function checkCorsHeader(field: Field): void {
  const name = field.text();
  if (name !== '*' && !TOKEN.test(name)) {
    field.error(`${quote(name)} is no header name`);
  }
}

function isAuthority(name: string): boolean {
  return ['host', ':authority'].includes(name.toLowerCase());
}

/** `headers` of a route or a destination. Source: validateHTTPRoute, validateHTTPRouteDestinations. */
export function checkHeaderOperations(headers: Field): void {
  if (!headers.isSet) {
    return;
  }
  for (const side of ['request', 'response'] as const) {
    for (const operation of ['add', 'set'] as const) {
      for (const [name, value] of headers.at(side).at(operation).entries()) {
        checkOperationName(value, name, side === 'request');
        checkHeaderValue(value);
      }
    }
    for (const item of headers.at(side).at('remove').items()) {
      checkOperationName(item, item.text(), false);
    }
  }
}

function checkOperationName(
  field: Field,
  name: string,
  authorityAllowed: boolean,
): void {
  if (name === '') {
    field.error('the name of a header must not be empty');
  } else if (authorityAllowed && isAuthority(name)) {
    return;
  } else if (name.toLowerCase() === 'host') {
    field.error('the Host header cannot be changed here');
  } else if (name.startsWith(':')) {
    field.error(`${quote(name)} must not start with ":"`);
  }
}

/** The authority may be set in one place only. Source: validateAuthorityRewrite. */
export function checkAuthority(rewrite: Field, headers: Field): void {
  let seen = rewrite.at('authority').text() !== '';
  for (const operation of ['set', 'add']) {
    for (const [name, value] of headers.at('request').at(operation).entries()) {
      if (isAuthority(name)) {
        if (seen) {
          value.error('the host is set more than once');
          return;
        }
        seen = value.text() !== '';
      }
    }
  }
}

function checkHeaderValue(field: Field): void {
  const value = field.text();
  if ([...value].some(isControl)) {
    field.error('must not contain control characters');
  } else if (!hasClosedVariables(value)) {
    field.error(
      `must write "%" as "%%" outside of variables like %START_TIME%, it is ${quote(
        value,
      )}`,
    );
  }
}

/** Anything below a space but the tab, and DEL. */
function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return (code < 0x20 && code !== 0x09) || code === 0x7f;
}

type State =
  | 'literal'
  | 'name'
  | 'arguments'
  | 'text'
  | 'nextText'
  | 'separator'
  | 'closing'
  | 'closed';

/** The state after a character that is neither a space between arguments nor escaped. */
const NEXT: Record<State, (character: string) => State | undefined> = {
  literal: character => (character === '%' ? 'name' : 'literal'),
  name: character =>
    ({ '%': 'literal' as const, '(': 'arguments' as const }[character] ??
    'name'),
  arguments: character => (character === '[' ? 'nextText' : 'text'),
  nextText: character => (character === '"' ? 'text' : undefined),
  text: character =>
    ({ ')': 'closed' as const, '"': 'separator' as const }[character] ??
    'text'),
  separator: character =>
    ({ ',': 'nextText' as const, ']': 'closing' as const }[character]),
  closing: character => (character === ')' ? 'closed' : undefined),
  closed: character => (character === '%' ? 'literal' : undefined),
};

/**
 * Whether each `%VARIABLE%`, `%VARIABLE(argument)%` and `%VARIABLE(["json", "strings"])%` is closed
 * and each other `%` doubled. Source: header_value_validator.go, which follows Envoy's header_parser.
 */
function hasClosedVariables(value: string): boolean {
  let state: State = 'literal';
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at];
    const escapes =
      (state === 'literal' && character === '%' && value[at + 1] === '%') ||
      (state === 'text' && character === '\\');
    if (escapes) {
      at += 1;
      if (at >= value.length) {
        return false;
      }
    } else if (
      character !== ' ' ||
      ['literal', 'name', 'text'].includes(state)
    ) {
      const next: State | undefined = NEXT[state](character);
      if (!next) {
        return false;
      }
      state = next;
    }
  }
  return state === 'literal';
}
