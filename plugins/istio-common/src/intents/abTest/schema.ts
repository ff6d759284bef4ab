import { z } from 'zod';
import {
  nameSchema,
  routeTargetSchema,
  serviceTargetShape,
} from '../routing/schema';

const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]";

/** Lower case, as Istio wants header names in a match; `cookie` has a condition of its own. */
const headerName = z
  .string()
  .max(256)
  .regex(
    /^[a-z0-9!#$%&'*+.^_`|~-]+$/,
    'must be a header name in lower case, like x-beta',
  );
const cookieName = z
  .string()
  .max(256)
  .regex(new RegExp(`^${TOKEN}+$`), 'must be the name of a cookie');
/** Source: RFC 6265 cookie-octet. */
const cookieValue = z
  .string()
  .max(1024)
  .regex(
    /^[!#-+\--:<-[\]-~]+$/,
    'must be a cookie’s value, without spaces, quotes, commas and semicolons',
  );
const value = z.string().min(1).max(1024);
/** Kubernetes label. */
const labelName = z
  .string()
  .regex(
    /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    'must be the name of a label',
  );
const labelValue = z
  .string()
  .max(63)
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    'must be the value of a label',
  );

/** One thing asked of a request. */
export const audienceConditionSchema = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('path'),
    op: z.enum(['exact', 'prefix', 'regex']),
    value: value
      .regex(/^\S*$/, 'must be a path, without spaces')
      .refine(
        path => !['/', '*', '.*'].includes(path),
        'is true of every request; ask for a longer path',
      ),
  }),
  z.object({
    by: z.literal('header'),
    name: headerName,
    op: z.enum(['exact', 'prefix', 'regex', 'present']),
    /** Not with `present`. */
    value: value.optional(),
  }),
  z.object({
    by: z.literal('cookie'),
    name: cookieName,
    value: cookieValue,
  }),
  /** A claim of the caller's verified token; nested ones with dots, names with dots as `[a.b][c]`. */
  z.object({
    by: z.literal('claim'),
    name: z
      .string()
      .max(256)
      .regex(
        /^([^\s[\]]+|(\[[^\s[\]]+\])+)$/,
        'must be the name of a claim, like group or [https://example.org/group]',
      ),
    value,
  }),
  z.object({
    by: z.literal('query'),
    name: value,
    op: z.enum(['exact', 'regex']),
    value,
  }),
  z.object({ by: z.literal('sourceNamespace'), namespace: nameSchema }),
  /** Pods of the caller, by their labels. */
  z.object({
    by: z.literal('sourceWorkload'),
    labels: z
      .record(labelName, labelValue)
      .refine(labels => Object.keys(labels).length > 0, 'must name a label'),
  }),
]);
export type AudienceCondition = z.infer<typeof audienceConditionSchema>;
export type AudienceKind = AudienceCondition['by'];

/** All of these. */
export type Alternative = AudienceCondition[];

const alternativeSchema = z
  .array(audienceConditionSchema)
  .min(1)
  .max(8)
  .superRefine((conditions, ctx) => {
    conditions.forEach((condition, index) => {
      if (
        condition.by === 'header' &&
        (condition.op === 'present') !== (condition.value === undefined)
      ) {
        ctx.addIssue({
          code: 'custom',
          path: [index, 'value'],
          message:
            condition.op === 'present'
              ? 'must be absent: any value will do'
              : 'is missing',
        });
      }
      if (
        condition.by === 'path' &&
        condition.op !== 'regex' &&
        !condition.value.startsWith('/')
      ) {
        ctx.addIssue({
          code: 'custom',
          path: [index, 'value'],
          message: 'must begin with /',
        });
      }
      const place = placeOf(condition);
      if (conditions.findIndex(each => placeOf(each) === place) < index) {
        ctx.addIssue({
          code: 'custom',
          path: [index],
          message: `asks for ${place} a second time; one value can be asked for`,
        });
      }
    });
  });

/** Where in a match a condition stands: one match holds one condition there. */
export function placeOf(condition: AudienceCondition): string {
  switch (condition.by) {
    case 'header':
      return `header ${condition.name}`;
    // All cookies of a request are one header.
    case 'cookie':
      return 'header cookie';
    case 'claim':
      return `claim ${condition.name}`;
    case 'query':
      return `query parameter ${condition.name}`;
    default:
      return condition.by;
  }
}

/** One arm: who gets which version. */
export const armSchema = z.object({
  /** Any of these alternatives, each with all its conditions. */
  who: z.array(alternativeSchema).min(1).max(8),
  /** `SplitDestination.key` of the route, or `Version.key`; of an HTTPRoute the Service's name. */
  version: z.string().min(1).max(253),
});
export type Arm = z.infer<typeof armSchema>;

/** Who gets which version of a Service: arms, tried from the first, and the route that takes everybody else. */
export const abTestParamsSchema = z.object({
  ...serviceTargetShape,
  /** The route that takes everybody else; absent: the routing object is created. */
  route: routeTargetSchema
    .extend({ kind: z.enum(['VirtualService', 'HTTPRoute']) })
    .optional(),
  arms: z.array(armSchema).max(10),
  /** Arms of the route that the list does not name: they stay before the named ones, or they end. */
  otherArms: z.enum(['keep', 'end']).default('keep'),
  /** The one version for everybody else; absent: the route stays as it is. */
  everybodyElse: z.string().min(1).max(253).optional(),
  /** Whoever the route's shares sent to a version is sent there again. */
  sticky: z
    .object({
      cookie: cookieName,
      /** Seconds that a browser keeps the cookie. */
      maxAge: z.number().int().min(60).max(31_536_000),
    })
    .optional(),
});
export type AbTestParams = z.infer<typeof abTestParamsSchema>;
export type Sticky = NonNullable<AbTestParams['sticky']>;
