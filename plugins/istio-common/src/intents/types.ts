import { z } from 'zod';
import { shiftTrafficParamsSchema } from './shiftTraffic/schema';

/** What a person wants, typed; compiled to objects by the intent's own folder. One line per intent. */
export const intentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('shiftTraffic'),
    params: shiftTrafficParamsSchema,
  }),
]);
export type Intent = z.infer<typeof intentSchema>;
export type IntentType = Intent['type'];
