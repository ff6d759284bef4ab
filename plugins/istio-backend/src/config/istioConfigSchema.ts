import { parseEntityRef } from '@backstage/catalog-model';
import {
  guardrailSettingsSchema,
  DEFAULT_EXPIRY_DAYS,
  healthSettingsSchema,
} from '@istio-backstage/plugin-istio-common';
import { z } from 'zod';

const text = z.string().min(1, 'must not be empty');

/** An address the backend may call: http or https, no credentials inside. */
const urlSchema = z.string().superRefine((value, ctx) => {
  const problem = describeUrlProblem(value);
  if (problem) ctx.addIssue({ code: 'custom', message: problem });
});

/** What is wrong with an address; undefined when nothing is. The address itself is not repeated. */
export function describeUrlProblem(value: string): string | undefined {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return 'must be an address such as https://prometheus.example.com';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return 'must start with http:// or https://';
  }
  if (url.username || url.password) {
    return 'must not contain a user or password; use headers instead';
  }
  if (url.search || url.hash) return 'must not contain ? or #';
  return undefined;
}

const addressSchema = urlSchema.transform(value => value.replace(/\/+$/, ''));

const entityRefSchema = text.refine(isEntityRef, {
  message:
    'must be an entity reference with its kind, such as group:default/catalog-team',
});

function isEntityRef(value: string): boolean {
  try {
    parseEntityRef(value);
    return true;
  } catch {
    return false;
  }
}

const clusterSchema = z
  .object({
    name: text,
    title: text.optional(),
    rootNamespace: text.default('istio-system'),
    domain: text.default('cluster.local'),
    kubeconfig: z
      .object({ file: text, context: text.optional() })
      .strict()
      .optional(),
    prometheus: z
      .object({
        url: addressSchema,
        scrapeIntervalSeconds: z.number().positive().max(600).default(15),
        headers: z.record(z.string()).default({}),
      })
      .strict()
      .optional(),
    jaeger: z.object({ url: addressSchema }).strict().optional(),
    readGatewayCertificates: z.boolean().default(false),
  })
  .strict();

/**
 * The `istio:` section as far as the reading side uses it. Other keys at its top belong to other parts of
 * the product and are let through.
 */
export const istioConfigSchema = z.object({
  clusters: z.array(clusterSchema).default([]),
  health: healthSettingsSchema.default({}),
  ownership: z
    .object({
      bindAll: z.boolean().default(false),
      namespaces: z
        .record(z.union([entityRefSchema, z.array(entityRefSchema).min(1)]))
        .default({}),
    })
    .strict()
    .default({}),
  guardrails: guardrailSettingsSchema.default({}),
  impersonation: z
    .object({
      user: text.optional(),
      groups: text.optional(),
      users: z
        .record(
          z
            .object({
              user: text.optional(),
              groups: z.array(text).optional(),
            })
            .strict(),
        )
        .optional(),
    })
    .strict()
    .optional(),
  certificates: z
    .object({
      soonDays: z.number().min(1).max(400).default(DEFAULT_EXPIRY_DAYS.soon),
      urgentDays: z
        .number()
        .min(0)
        .max(400)
        .default(DEFAULT_EXPIRY_DAYS.urgent),
    })
    .strict()
    .refine(({ soonDays, urgentDays }) => urgentDays <= soonDays, {
      message: 'must not be more than soonDays',
      path: ['urgentDays'],
    })
    .default({}),
  metrics: z
    .object({
      cacheSeconds: z.number().min(1).max(300).default(10),
      timeoutSeconds: z.number().min(1).max(60).default(10),
    })
    .strict()
    .default({}),
});
