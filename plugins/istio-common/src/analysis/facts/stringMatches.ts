import { fieldsListOf, fieldsOf, isFields } from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';

/** A condition on a text, with its place. */
export interface PlacedMatch {
  on: 'uri' | 'scheme' | 'method' | 'authority' | 'header' | 'queryParam';
  /** Lower case name of a header or query parameter. */
  name: string;
  kind: 'exact' | 'prefix' | 'regex';
  value: string;
  /** `spec.http[0].match[0].uri`; undefined where its name cannot be written in a path. */
  path: string;
}

const WHOLE = ['uri', 'scheme', 'method', 'authority'] as const;
const NAMED = [
  ['headers', 'header'],
  ['withoutHeaders', 'header'],
  ['queryParams', 'queryParam'],
] as const;

/** Every condition on a text of a VirtualService's HTTP rules. */
export function listStringMatches(object: KubeObject): PlacedMatch[] {
  return readVirtualService(object)
    .rules.filter(({ protocol }) => protocol === 'http')
    .flatMap(({ fields, fieldPath }) =>
      fieldsListOf(fields.match).flatMap((match, index) => {
        const start = `spec.${fieldPath}.match[${index}]`;
        return [
          ...WHOLE.flatMap(on =>
            read(match[on], { on, name: '', path: `${start}.${on}` }),
          ),
          ...NAMED.flatMap(([field, on]) =>
            Object.entries(fieldsOf(match[field])).flatMap(([name, value]) =>
              read(value, {
                on,
                name: name.toLowerCase(),
                path: `${start}.${field}.${name}`,
              }),
            ),
          ),
        ];
      }),
    );
}

function read(
  value: unknown,
  place: Pick<PlacedMatch, 'on' | 'name' | 'path'>,
): PlacedMatch[] {
  if (!isFields(value)) return [];
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const text = value[kind];
    if (typeof text === 'string') return [{ ...place, kind, value: text }];
  }
  return [];
}
