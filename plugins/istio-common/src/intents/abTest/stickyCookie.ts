import {
  fieldsListOf,
  fieldsOf,
  textOf,
  type Fields,
} from '../../resources/fields';
import type { RouteRule } from '../routing/routeRule';
import { withField } from '../routing/withField';
import type { Arm, Sticky } from './schema';

const HEADER = 'set-cookie';
const FILTER = 'ResponseHeaderModifier';

/** The cookie as a destination of the route hands it out. */
export function writeCookie({ cookie, maxAge }: Sticky, key: string): string {
  return `${cookie}=${key}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`;
}

const COOKIE =
  /^([^=;\s]+)=([^;\s]+); Path=\/; Max-Age=(\d+); HttpOnly; SameSite=Lax$/;

/** The arm that sends whoever has the cookie to the version it names. */
export function stickyArm({ cookie }: Sticky, key: string): Arm {
  return { who: [[{ by: 'cookie', name: cookie, value: key }]], version: key };
}

export function isStickyArm(
  arm: Arm,
  { cookie, key }: { cookie: string; key: string },
): boolean {
  const [[condition, ...more], ...others] = arm.who;
  return (
    others.length === 0 &&
    more.length === 0 &&
    condition.by === 'cookie' &&
    condition.name === cookie &&
    condition.value === key &&
    arm.version === key
  );
}

/** Versions that the route sends requests to, which are those a cookie can name. */
export function takingKeys({ destinations, counted }: RouteRule): string[] {
  return destinations
    .filter((_, index) => counted[index] > 0)
    .map(({ key }) => key);
}

/** The cookie that every version of the route hands out, where all do alike. */
export function readSticky(
  base: RouteRule,
  kind: string,
): (Sticky & { keys: string[] }) | undefined {
  const keys = takingKeys(base);
  const found = base.entries.flatMap((entry, index) => {
    const { key } = base.destinations[index];
    const [, cookie, value, maxAge] =
      COOKIE.exec(readCookie(entry, kind) ?? '') ?? [];
    return keys.includes(key) && value === key ? [{ cookie, maxAge }] : [];
  });
  const [first] = found;
  return keys.length > 1 &&
    found.length === keys.length &&
    found.every(
      ({ cookie, maxAge }) =>
        cookie === first.cookie && maxAge === first.maxAge,
    )
    ? { cookie: first.cookie, maxAge: Number(first.maxAge), keys }
    : undefined;
}

/** The cookie that responses of a destination get. */
export function readCookie(entry: Fields, kind: string): string | undefined {
  return kind === 'HTTPRoute'
    ? textOf(
        fieldsListOf(
          fieldsOf(modifierOf(entry)?.responseHeaderModifier).add,
        ).find(isCookie)?.value,
      )
    : textOf(
        Object.entries(
          fieldsOf(fieldsOf(fieldsOf(entry.headers).response).add),
        ).find(([name]) => name.toLowerCase() === HEADER)?.[1],
      );
}

function isCookie({ name }: Fields): boolean {
  return (textOf(name) ?? '').toLowerCase() === HEADER;
}

function modifierOf(entry: Fields): Fields | undefined {
  return fieldsListOf(entry.filters).find(({ type }) => type === FILTER);
}

/**
 * The destination with the cookie added to its responses, or without it. It is added, never set: the
 * application's own cookies must stay.
 */
export function withCookie(
  entry: Fields,
  kind: string,
  cookie: string | undefined,
): Fields {
  if (readCookie(entry, kind) === cookie) {
    return entry;
  }
  return kind === 'HTTPRoute'
    ? withBackendCookie(entry, cookie)
    : withDestinationCookie(entry, cookie);
}

function withDestinationCookie(
  entry: Fields,
  cookie: string | undefined,
): Fields {
  const headers = fieldsOf(entry.headers);
  const response = fieldsOf(headers.response);
  const add = Object.fromEntries(
    Object.entries(fieldsOf(response.add)).filter(
      ([name]) => name.toLowerCase() !== HEADER,
    ),
  );
  const next = cookie === undefined ? add : { ...add, [HEADER]: cookie };
  return withField(
    entry,
    'headers',
    unlessEmpty(
      withField(
        headers,
        'response',
        unlessEmpty(withField(response, 'add', unlessEmpty(next))),
      ),
    ),
  );
}

function withBackendCookie(entry: Fields, cookie: string | undefined): Fields {
  const filters = fieldsListOf(entry.filters);
  const present = modifierOf(entry) ?? { type: FILTER };
  const modifier = fieldsOf(present.responseHeaderModifier);
  const others = fieldsListOf(modifier.add).filter(each => !isCookie(each));
  const add = [
    ...others,
    ...(cookie === undefined ? [] : [{ name: HEADER, value: cookie }]),
  ];
  const changed = withField(modifier, 'add', add.length > 0 ? add : undefined);
  const filter = unlessEmpty(changed) && {
    ...present,
    responseHeaderModifier: changed,
  };
  const next = filters.includes(present)
    ? filters.flatMap(each => (each === present ? filter ?? [] : [each]))
    : [...filters, ...(filter ? [filter] : [])];
  return withField(entry, 'filters', next.length > 0 ? next : undefined);
}

function unlessEmpty(fields: Fields): Fields | undefined {
  return Object.keys(fields).length > 0 ? fields : undefined;
}
