import { type Field, quote } from '../Field';
import { isCidr, isIp } from './addresses';

/** Source of all rules here: istio/istio pkg/config/security/security.go. */
export function checkNotEmpty(list: Field): void {
  for (const item of list.items()) {
    if (item.text() === '') {
      item.error('must not be empty');
    }
  }
}

export function checkIpBlocks(list: Field): void {
  for (const item of list.items()) {
    const text = item.text();
    if (text.includes('/') ? !isCidr(text) : !isIp(text)) {
      item.error(`must be an IP address or a CIDR block, it is ${quote(text)}`);
    }
  }
}

export function checkPortTexts(list: Field): void {
  for (const item of list.items()) {
    const text = item.text();
    if (!/^\d{1,10}$/.test(text) || Number(text) > 65535) {
      item.error(`must be a port from 0 to 65535, it is ${quote(text)}`);
    }
  }
}

/** `account` or `namespace/account`. */
export function checkServiceAccounts(list: Field): void {
  const items = list.items();
  if (items.length > 16) {
    list.error('must have at most 16 entries');
    return;
  }
  for (const item of items) {
    const text = item.text();
    const parts = text.split('/');
    if (text.includes('*')) {
      item.error('must not have a wildcard');
    } else if (parts.length > 2 || parts.includes('') || text.length > 320) {
      item.error(`must be account or namespace/account, it is ${quote(text)}`);
    }
  }
}

/** Exact, `prefix*`, `*suffix` or `*`. */
export function checkWildcards(list: Field): void {
  for (const item of list.items()) {
    const text = item.text();
    const stars = text.split('*').length - 1;
    if (text === '') {
      item.error('must not be empty');
    } else if (
      stars > 1 ||
      (stars === 1 && !text.startsWith('*') && !text.endsWith('*'))
    ) {
      item.error(`may have one "*", first or last, it is ${quote(text)}`);
    }
  }
}

export function checkTrustDomains(list: Field): void {
  checkWildcards(list);
  for (const item of list.items()) {
    if (item.text().includes('/')) {
      item.error(`must not contain "/", it is ${quote(item.text())}`);
    }
  }
}

const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** `{*}` stands for one part, `{**}` for the rest and only as the last operator. */
export function checkPathTemplates(list: Field): void {
  for (const item of list.items()) {
    const path = item.text();
    const why = explainTemplate(path);
    if (why) {
      item.error(`${why}, it is ${quote(path)}`);
    }
  }
}

function explainTemplate(path: string): string | undefined {
  const isTemplate = path.includes('{*}') || path.includes('{**}');
  let ended = false;
  for (const part of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (part === '{*}' || part === '{**}') {
      if (ended) {
        return 'must have {**} as the last operator';
      }
      ended = part === '{**}';
    } else if (/[{}]/.test(part)) {
      return 'must not contain "{" or "}" but as {*} or {**}';
    } else if (isTemplate && !LITERAL.test(part)) {
      return `has a part ${quote(part)} that is not allowed beside {*} or {**}`;
    }
  }
  return undefined;
}

const KEYED = [
  'request.headers',
  'request.auth.claims',
  'experimental.envoy.filters.',
];
const PLAIN = [
  'source.namespace',
  'source.principal',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'connection.sni',
];
const CHECKED: Record<string, (list: Field) => void> = {
  'source.ip': checkIpBlocks,
  'remote.ip': checkIpBlocks,
  'destination.ip': checkIpBlocks,
  'destination.port': checkPortTexts,
  'source.serviceAccount': checkServiceAccounts,
  'source.trustDomain': checkWildcards,
};

/** A condition's key and its values. Source: ValidateAttribute. */
export function checkCondition(condition: Field): void {
  const field = condition.at('key');
  const key = field.text();
  const lists = ['values', 'notValues'].map(name => condition.at(name));
  if (key === '') {
    field.error('is required');
    return;
  }
  if (lists.every(list => list.items().length === 0)) {
    condition.error(`must have values or notValues for ${quote(key)}`);
    return;
  }
  lists.forEach(checkNotEmpty);
  if (KEYED.some(prefix => key.startsWith(prefix))) {
    const open = key.indexOf('[');
    if (!key.endsWith(']') || open <= 0 || open >= key.length - 2) {
      field.error(
        `must look like ${KEYED.find(each =>
          key.startsWith(each),
        )}[name], it is ${quote(key)}`,
      );
    }
  } else if (Object.hasOwn(CHECKED, key)) {
    lists.forEach(CHECKED[key]);
  } else if (!PLAIN.includes(key)) {
    field.error(
      `must be an attribute Istio knows: ${[
        ...KEYED.slice(0, 2).map(each => `${each}[…]`),
        ...Object.keys(CHECKED),
        ...PLAIN,
      ].join(', ')}; it is ${quote(key)}`,
    );
  }
}
