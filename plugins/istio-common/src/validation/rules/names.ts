import { type Field, quote } from '../Field';

const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const WILDCARD_LABEL = new RegExp(`^(\\*|(\\*|\\*-)?${LABEL})$`);
const QUALIFIED = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_KEY = new RegExp(`^(${LABEL}(?:\\.${LABEL})*/)?(${QUALIFIED})$`);
const LABEL_VALUE = new RegExp(`^(${QUALIFIED})?$`);

/** RFC 1123 label as Istio takes it: upper case too. Source: pkg/config/labels IsDNS1123Label. */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && DNS_LABEL.test(name);
}

export function checkDnsLabel(field: Field): void {
  const name = field.text();
  if (!isDnsLabel(name)) {
    field.error(
      `must be letters, digits and "-" (at most 63, no dot), it is ${quote(
        name,
      )}`,
    );
  }
}

/** Why a name is no host, or undefined. Source: agent.ValidateWildcardDomain. */
export function explainHost(name: string): string | undefined {
  const first = explainLength(name);
  if (first) {
    return first;
  }
  const dot = name.indexOf('.');
  const head = dot < 0 ? name : name.slice(0, dot);
  if (head.length > 63 || !WILDCARD_LABEL.test(head)) {
    return `${quote(name)} is no host name: ${quote(
      head,
    )} must be a name or start with "*"`;
  }
  return dot < 0 ? undefined : explainLabels(name, name.slice(dot + 1));
}

/** Why a name is no fully written host without wildcard. Source: agent.ValidateFQDN. */
export function explainFqdn(name: string): string | undefined {
  return explainLength(name) ?? explainLabels(name, name);
}

export function checkHost(field: Field): void {
  const why = explainHost(field.text());
  if (why) {
    field.error(why);
  }
}

function explainLength(name: string): string | undefined {
  if (name === '') {
    return 'must not be empty';
  }
  return name.length > 255
    ? `${quote(name)} is longer than 255 characters`
    : undefined;
}

function explainLabels(name: string, rest: string): string | undefined {
  const labels = rest.split('.');
  if (/^[+-]?\d+$/.test(labels[labels.length - 1])) {
    return `${quote(name)} is no host name: its last part must not be a number`;
  }
  const bad = labels.find(
    (label, index) =>
      !(index === labels.length - 1 && label === '') && !isDnsLabel(label),
  );
  return bad === undefined
    ? undefined
    : `${quote(name)} is no host name: ${quote(
        bad,
      )} must be letters, digits and "-"`;
}

/** A wildcard must stand for whole labels. Source: agent.ValidatePartialWildCard. */
export function isPartialWildcard(name: string): boolean {
  return name.includes('*') && name.length !== 1 && !name.startsWith('*.');
}

/** Source: labels.Instance.Validate. */
export function checkLabels(field: Field): void {
  for (const [key, value] of field.entries()) {
    const match = LABEL_KEY.exec(key);
    const prefix = match?.[1] ?? '';
    if (!match || prefix.length > 254 || match[2].length > 63) {
      field.error(`${quote(key)} is no label name`);
    }
    const text = value.text();
    if (!LABEL_VALUE.test(text)) {
      value.error(`${quote(text)} is no label value`);
    }
  }
}

/** Hosts match each other where one pattern could stand for the other. Source: host.Name.Matches. */
export function hostsOverlap(one: string, other: string): boolean {
  const oneWild = one.startsWith('*');
  const otherWild = other.startsWith('*');
  if (oneWild && otherWild) {
    return one.length < other.length
      ? other.slice(1).endsWith(one.slice(1))
      : one.slice(1).endsWith(other.slice(1));
  }
  if (oneWild) {
    return other.endsWith(one.slice(1));
  }
  return otherWild ? one.endsWith(other.slice(1)) : one === other;
}

/** Whether the first host lies inside the second. Source: host.Name.SubsetOf. */
export function hostCoveredBy(inner: string, outer: string): boolean {
  const innerWild = inner.startsWith('*');
  const outerWild = outer.startsWith('*');
  if (innerWild) {
    return (
      outerWild &&
      inner.length >= outer.length &&
      inner.slice(1).endsWith(outer.slice(1))
    );
  }
  return outerWild ? inner.endsWith(outer.slice(1)) : inner === outer;
}
