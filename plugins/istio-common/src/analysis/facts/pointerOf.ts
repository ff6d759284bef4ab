/**
 * The JSON pointer of a field path: `spec.rules[0].to` is `/spec/rules/0/to`, and
 * `metadata.annotations['istio.io/dry-run']` is `/metadata/annotations/istio.io~1dry-run`.
 */
export function pointerOf(fieldPath: string): string {
  const parts = fieldPath.matchAll(/\['([^']*)'\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...parts]
    .map(([, quoted, index, name]) => quoted ?? index ?? name)
    .map(part => `/${part.replace(/~/g, '~0').replace(/\//g, '~1')}`)
    .join('');
}
