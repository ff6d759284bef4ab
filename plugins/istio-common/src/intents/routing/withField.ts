import type { Fields } from '../../resources/fields';

/**
 * The fields with one set, or without it (undefined). A value that is so already leaves them the very
 * same object, so that a plan has nothing to send.
 */
export function withField(
  fields: Fields,
  name: string,
  value: unknown,
): Fields {
  if (JSON.stringify(fields[name]) === JSON.stringify(value)) {
    return fields;
  }
  if (value === undefined) {
    const { [name]: _, ...rest } = fields;
    return rest;
  }
  return { ...fields, [name]: value };
}
