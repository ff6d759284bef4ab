import { InputError } from '@backstage/errors';
import type { z } from 'zod';

/** Throws InputError with the path of each field and what it must be. */
export function parseBody<T extends z.ZodTypeAny>(
  schema: T,
  value: unknown,
): z.output<T> {
  const result = schema.safeParse(value ?? {});
  if (result.success) {
    return result.data;
  }
  throw new InputError(
    result.error.issues
      .map(issue =>
        issue.path.length > 0
          ? `${pathText(issue.path)}: ${issue.message}`
          : issue.message,
      )
      .join('; '),
  );
}

/** `intent.params.weights[1].key` */
function pathText(path: (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') {
      return `${text}[${part}]`;
    }
    return text ? `${text}.${part}` : part;
  }, '');
}
