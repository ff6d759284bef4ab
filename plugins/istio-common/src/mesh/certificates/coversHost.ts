/**
 * Whether a certificate's name stands for the host a client asks for: `*` for one label.
 *
 * Source: RFC 6125, section 6.4.3.
 */
export function coversHost(dnsName: string, host: string): boolean {
  const name = dnsName.toLowerCase();
  const asked = host.toLowerCase();
  if (!name.startsWith('*.')) return name === asked;
  const dot = asked.indexOf('.');
  return dot > 0 && asked.slice(dot) === name.slice(1);
}

/**
 * Whether some host that a server takes is covered. `*` takes any; of `*.shop.example` one name below it is
 * enough, since nobody knows which of them are called.
 */
export function coversPattern(dnsName: string, pattern: string): boolean {
  const asked = pattern.toLowerCase();
  if (asked === '*') return true;
  if (!asked.startsWith('*.')) return coversHost(dnsName, asked);
  const name = dnsName.toLowerCase().replace(/^\*/, '');
  return name.endsWith(asked.slice(1));
}
