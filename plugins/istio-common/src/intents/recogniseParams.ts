import type { z } from 'zod';
import type { IntentParams, Recognised } from './types';

/** What was read of objects as parameters, or the first field of it that an intent cannot express. */
export function recogniseParams<TParams extends IntentParams>(
  schema: z.ZodType<TParams, z.ZodTypeDef, unknown>,
  read: unknown,
): Recognised<TParams> {
  const parsed = schema.safeParse(read);
  if (parsed.success) {
    return { ok: true, params: parsed.data };
  }
  const [{ path, message }] = parsed.error.issues;
  return { ok: false, why: `${path.join('.')} ${message}` };
}
