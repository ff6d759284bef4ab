import { z } from 'zod';
import { serviceTargetShape, weightedRouteSchema } from '../routing/schema';

/**
 * Moves shares of a Service's requests between its versions, in one or several clusters.
 * Weights are whole percents that sum to 100; keys are `SplitDestination.key` of the route, or
 * `Version.key` where the component has that version but the route does not name it yet.
 */
export const shiftTrafficParamsSchema = z
  .object({
    ...serviceTargetShape,
    /** The existing route to edit; absent: the routing objects are created. */
    route: weightedRouteSchema.optional(),
    weights: z
      .array(
        z.object({
          key: z.string().min(1).max(253),
          weight: z.number().int().min(0).max(100),
        }),
      )
      .min(1)
      .max(50),
  })
  .superRefine((params, ctx) => {
    const sum = params.weights.reduce(
      (total, entry) => total + entry.weight,
      0,
    );
    if (sum !== 100) {
      ctx.addIssue({
        code: 'custom',
        path: ['weights'],
        message: `must sum to 100, the sum is ${sum}`,
      });
    }
    if (
      new Set(params.weights.map(entry => entry.key)).size !==
      params.weights.length
    ) {
      ctx.addIssue({
        code: 'custom',
        path: ['weights'],
        message: 'names a version twice',
      });
    }
  });
export type ShiftTrafficParams = z.infer<typeof shiftTrafficParamsSchema>;
