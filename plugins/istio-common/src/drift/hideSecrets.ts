/** Stands where a value was that is not kept. */
export const HIDDEN_VALUE = '(not kept)';

/** Names of fields, headers and variables whose text is a secret more often than not. */
const SECRET_NAME =
  /^(proxy-)?authorization$|^(set-)?cookie$|passw(or)?d$|(secret|token|api[-_]?key|private[-_]?key|credentials?)$/i;

/** Fields of Istio with such names that hold the name of a Secret, or the path of a file. */
const NO_SECRETS = new Set(['imagePullSecret', 'privateKey']);

/**
 * A copy of a JSON value in which texts under the name of a secret are replaced, `Authorization` in the
 * headers of a route for one; and the paths of what was replaced. Lists of `{ name, value }`, as for
 * environment variables, are judged by their names.
 */
export function hideSecrets<T>(value: T): { value: T; hidden: string[] } {
  const hidden: string[] = [];
  return { value: hide(value, '', hidden) as T, hidden };
}

function hide(value: unknown, path: string, hidden: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => hide(item, `${path}[${index}]`, hidden));
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  const name = typeof fields.name === 'string' ? fields.name : '';
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => {
      const place = path ? `${path}.${key}` : key;
      const isSecret =
        (isSecretName(key) || (key === 'value' && isSecretName(name))) &&
        typeof inner === 'string' &&
        inner !== '';
      if (!isSecret) return [key, hide(inner, place, hidden)];
      hidden.push(place);
      return [key, HIDDEN_VALUE];
    }),
  );
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NO_SECRETS.has(name);
}
