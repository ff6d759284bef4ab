import { quote } from '../Field';

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;
/** What a host may hold beside letters and digits. Source: net/url shouldEscape with encodeHost. */
const HOST = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"\u0080-\uffff]*$/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

interface GoUrl {
  /** Lower case; empty where none is written. */
  scheme: string;
  /** As written. */
  port: string;
}

/**
 * A URL as Go reads one, or why it is none. Go lets much more through than the URL of a browser: only what it
 * refuses is told.
 *
 * Source: Go's net/url Parse, and ParseRequestURI with `request`.
 */
export function parseGoUrl(
  text: string,
  options: { request?: boolean } = {},
): GoUrl | string {
  if ([...text].some(isControl)) {
    return 'must not contain control characters';
  }
  const [whole] = options.request ? [text] : text.split('#', 1);
  if (whole === '*') {
    return { scheme: '', port: '' };
  }
  if (whole.startsWith(':')) {
    return `must have a scheme before ":", it is ${quote(text)}`;
  }
  const scheme = SCHEME.exec(whole)?.[1] ?? '';
  const [rest] = (scheme ? whole.slice(scheme.length + 1) : whole).split(
    '?',
    1,
  );
  if (!rest.startsWith('/')) {
    return explainRootless({ scheme, rest, text, request: options.request });
  }
  return parseAuthority({ scheme: scheme.toLowerCase(), rest, text });
}

function explainRootless(options: {
  scheme: string;
  rest: string;
  text: string;
  request?: boolean;
}): GoUrl | string {
  const { scheme, rest, text, request } = options;
  if (scheme) {
    return { scheme: scheme.toLowerCase(), port: '' };
  }
  if (request) {
    return `must start with a scheme or "/", it is ${quote(text)}`;
  }
  return rest.split('/', 1)[0].includes(':')
    ? `must have a scheme before ":", it is ${quote(text)}`
    : checkEscapes(rest, { scheme: '', port: '' });
}

function parseAuthority(options: {
  scheme: string;
  rest: string;
  text: string;
}): GoUrl | string {
  const { scheme, rest, text } = options;
  if (!rest.startsWith('//') || (!scheme && rest.startsWith('///'))) {
    return checkEscapes(rest, { scheme, port: '' });
  }
  const slash = rest.indexOf('/', 2);
  const authority = rest.slice(2, slash < 0 ? undefined : slash);
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  const host = authority.slice(at + 1);
  const port = /^(?:\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/.exec(host)?.[1];
  if (!USER.test(user) || !isHost(host)) {
    return `must name a host, ${quote(authority)} in ${quote(text)} is none`;
  }
  return checkEscapes(slash < 0 ? '' : rest.slice(slash), {
    scheme,
    port: port ?? '',
  });
}

/** Source: net/url parseHost, validOptionalPort. */
function isHost(host: string): boolean {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0 || !HOST.test(unescaped(host))) {
    return false;
  }
  if (bracket === 0) {
    const end = host.lastIndexOf(']');
    return end > 0 && /^(:\d*)?$/.test(host.slice(end + 1));
  }
  const colon = host.lastIndexOf(':');
  return colon < 0 || /^\d*$/.test(host.slice(colon + 1));
}

/** Escapes of a host stand for what is not ASCII. */
function unescaped(host: string): string {
  return host.replace(/%[89a-fA-F][0-9a-fA-F]/g, '');
}

function checkEscapes(path: string, url: GoUrl): GoUrl | string {
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(path);
  return bad
    ? `must write "%" as "%25" where it is meant, it has ${quote(bad[0])}`
    : url;
}

function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || code === 0x7f;
}
