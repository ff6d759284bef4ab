/** Shorter ones would take words out of messages, and guard nothing. */
const SHORTEST = 6;

/**
 * A text of another system without the values of the headers it was asked with: who answers, or a proxy on
 * the way, may repeat them. Of `Bearer x` the `x` alone goes, too.
 */
export function hideCredentials(
  text: string,
  headers: Readonly<Record<string, string>>,
): string {
  return Object.values(headers)
    .flatMap(value => [value, value.slice(value.lastIndexOf(' ') + 1)])
    .filter(secret => secret.length >= SHORTEST)
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
}
