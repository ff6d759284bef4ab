import { BlockList, isIP } from 'node:net';
import { parseEntityRef } from '@backstage/catalog-model';
import {
  guardrailSettingsSchema,
  DEFAULT_EXPIRY_DAYS,
  AUDIT_ENTRY_KINDS,
  KIND_NAMES,
  kubernetesKindOf,
  healthSettingsSchema,
} from '@istio-backstage/plugin-istio-common';
import { z } from 'zod';
import {
  findWindowProblem,
  type FreezeWindow,
} from '../changes/FreezeCalendar';
import { parseSigningKey } from '../audit/parseSigningKey';

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16);
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');

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
  return isLinkLocal(url.hostname)
    ? 'must not be a link-local address or the metadata service of a cloud'
    : undefined;
}

/** Where clouds hand out credentials to whoever asks from the machine: nothing that the portal reads is there. */
function isLinkLocal(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  return family === 0
    ? /^metadata\.google\.internal\.?$/.test(address)
    : LINK_LOCAL.check(address, family === 6 ? 'ipv6' : 'ipv4');
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
    readProxyStatus: z.boolean().default(true),
  })
  .strict();

const freezeSchema = z
  .object({
    name: text,
    timeZone: text.default('UTC'),
    clusters: z.array(text).min(1).optional(),
    namespaces: z.array(text).min(1).optional(),
    from: text.optional(),
    to: text.optional(),
    cron: text.optional(),
    duration: text.optional(),
  })
  .strict()
  .transform((window, ctx): FreezeWindow => {
    const { from, to, cron, duration, ...where } = window;
    const once = from !== undefined && to !== undefined && !cron && !duration;
    const again = cron !== undefined && duration !== undefined && !from && !to;
    if (!once && !again) {
      ctx.addIssue({
        code: 'custom',
        message: 'must have either from and to, or cron and duration',
      });
      return z.NEVER;
    }
    const read: FreezeWindow = {
      ...where,
      when: once
        ? { from: from ?? '', to: to ?? '' }
        : { cron: cron ?? '', duration: duration ?? '' },
    };
    const problem = findWindowProblem(read);
    if (problem) {
      ctx.addIssue({ code: 'custom', message: problem });
    }
    return read;
  });
const labelSchema = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
    'must be a name as Kubernetes takes it',
  );
const anchorSchema = z
  .object({
    name: text.max(64),
    file: z.object({ path: text }).strict().optional(),
    http: z
      .object({
        url: addressSchema,
        readUrl: addressSchema.optional(),
        headers: z.record(z.string()).default({}),
      })
      .strict()
      .optional(),
    configMap: z
      .object({ cluster: text, namespace: labelSchema, name: labelSchema })
      .strict()
      .optional(),
  })
  .strict()
  .refine(
    ({ file, http, configMap }) =>
      [file, http, configMap].filter(kind => kind !== undefined).length === 1,
    'needs exactly one of file, http and configMap',
  );

const receiverAddressSchema = z
  .object({ url: addressSchema, headers: z.record(z.string()).default({}) })
  .strict();

const receiverSchema = z
  .object({
    name: text.max(64),
    http: receiverAddressSchema.optional(),
    otlp: receiverAddressSchema.optional(),
    syslog: z
      .object({
        host: text.max(253),
        port: z.number().int().min(1).max(65_535).default(6514),
        tls: z.boolean().default(true),
        ca: text.optional(),
      })
      .strict()
      .optional(),
  })
  .strict()
  .refine(
    ({ http, otlp, syslog }) =>
      [http, otlp, syslog].filter(kind => kind !== undefined).length === 1,
    'needs exactly one of http, otlp and syslog',
  );

const signingKeySchema = z.string().transform((value, ctx) => {
  const seed = parseSigningKey(value);
  if (seed) return seed;
  ctx.addIssue({
    code: 'custom',
    message:
      'must be an Ed25519 private key: PEM (openssl genpkey -algorithm ed25519) or its 32 bytes in base64',
  });
  return z.NEVER;
});

const ownerNames = z
  .union([text, z.array(text).min(1)])
  .transform(names => [names].flat());

const gitSourceSchema = z
  .object({
    name: text.max(64),
    argocdApplications: ownerNames.optional(),
    fluxKustomizations: ownerNames.optional(),
    namespaces: ownerNames.optional(),
    labels: z.record(z.string()).optional(),
    clusters: ownerNames.optional(),
    repository: addressSchema,
    branch: text.default('main'),
    paths: z.array(text).min(1).default(['**/*.yaml', '**/*.yml']),
    namespace: text.optional(),
    newFiles: text
      .regex(/^[^/].*/, 'must be a path in the repository')
      .optional(),
  })
  .strict()
  .refine(
    ({ argocdApplications, fluxKustomizations, namespaces, labels }) =>
      argocdApplications ?? fluxKustomizations ?? namespaces ?? labels,
    'needs at least one of argocdApplications, fluxKustomizations, namespaces and labels',
  );

const gitSchema = z
  .object({
    pollSeconds: z.number().min(1).max(3600).default(30),
    sources: z
      .array(gitSourceSchema)
      .default([])
      .refine(
        sources =>
          new Set(sources.map(({ name }) => name)).size === sources.length,
        'names must be unique',
      ),
  })
  .strict();

const KINDS_OF_MESH = KIND_NAMES.map(kubernetesKindOf);

const driftSchema = z
  .object({
    enabled: z.boolean().default(true),
    ignoreManagers: z.array(text).default([]),
    ignoreKinds: z
      .array(
        z.string().refine(kind => KINDS_OF_MESH.includes(kind), {
          message: 'must be a kind that the portal reads, such as EnvoyFilter',
        }),
      )
      .default([]),
    keepDays: z.number().int().min(1).max(36_500).default(400),
    keepRecords: z.number().int().min(100).max(1_000_000).default(20_000),
  })
  .strict()
  .default({});

const retentionDays = z.number().int().min(1).max(36_500);

const auditSchema = z
  .object({
    origin: text
      .max(200)
      .regex(/^[^\s+]+$/, 'must have neither white space nor +')
      .optional(),
    signingKey: signingKeySchema.optional(),
    previousSigningKey: signingKeySchema.optional(),
    acceptNewKey: z.boolean().default(false),
    legalHold: text.max(500).optional(),
    retention: z
      .object({
        days: retentionDays,
        kinds: z.record(z.enum(AUDIT_ENTRY_KINDS), retentionDays).default({}),
        archive: text.optional(),
      })
      .strict()
      .optional(),
    anchors: z
      .array(anchorSchema)
      .default([])
      .refine(
        anchors =>
          new Set(anchors.map(({ name }) => name)).size === anchors.length,
        'names must be unique',
      ),
    forward: z
      .array(receiverSchema)
      .default([])
      .refine(
        receivers =>
          new Set(receivers.map(({ name }) => name)).size === receivers.length,
        'names must be unique',
      ),
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
  approvals: z
    .object({
      approvers: z.array(entityRefSchema).default([]),
      reviewHours: z
        .number()
        .positive()
        .max(24 * 90)
        .default(24),
      waitHours: z
        .number()
        .positive()
        .max(24 * 90)
        .default(72),
    })
    .strict()
    .default({}),
  freezeWindows: z.array(freezeSchema).default([]),
  drift: driftSchema,
  audit: auditSchema.default({}),
  git: gitSchema.default({}),
  metrics: z
    .object({
      cacheSeconds: z.number().min(1).max(300).default(10),
      timeoutSeconds: z.number().min(1).max(60).default(10),
    })
    .strict()
    .default({}),
});
