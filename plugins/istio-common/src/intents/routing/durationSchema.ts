import { z } from 'zod';
import { parseDuration } from '../../validation/rules/durations';

/** At least a millisecond, in whole ones. Source: istio/istio agent.ValidateDuration. */
export const durationSchema = z.string().superRefine((text, ctx) => {
  const nanoseconds = parseDuration(text);
  if (
    nanoseconds === undefined ||
    nanoseconds < 1e6 ||
    nanoseconds % 1e6 !== 0
  ) {
    ctx.addIssue({
      code: 'custom',
      message: 'must be a duration like 5s, 250ms or 1m30s, at least 1ms',
    });
  }
});
