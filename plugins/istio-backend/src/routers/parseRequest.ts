import { InputError } from '@backstage/errors';
import type { z } from 'zod';

/** Checks a part of a request against the contract. Throws InputError that names each field. */
export function parseRequest<TSchema extends z.ZodTypeAny>(
  schema: TSchema,
  input: unknown,
): z.output<TSchema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues
      .map(issue => `${issue.path.join('.') || 'request'}: ${issue.message}`)
      .join('; '),
  );
}
