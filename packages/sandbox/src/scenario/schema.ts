import { z } from 'zod';

const name = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    'must be a Kubernetes name: lower case letters, digits, `-` and `.`',
  );

/** `45s`, `10m`, `22h`, `40d`: how long before the start. */
export const agoSchema = z
  .string()
  .regex(/^\d+[smhd]$/, 'must be a duration like 45s, 10m, 22h or 40d');

const share = z
  .number()
  .min(0, 'must be a share from 0 to 1')
  .max(1, 'must be a share from 0 to 1');

const labels = z.record(z.string());

const latencySchema = z
  .object({ p50: z.number().positive(), p99: z.number().positive() })
  .strict()
  .refine(value => value.p99 >= value.p50, 'p99 must not be below p50');

const requestKindSchema = z
  .object({
    share: share.default(1),
    method: z.string().default('GET'),
    path: z.string().startsWith('/', 'must start with /').default('/'),
    headers: labels.default({}),
  })
  .strict();

const callShape = {
  /** `service.namespace`, or a host outside the cluster. */
  to: z.string().min(1),
  port: z.number().int().min(1).max(65535),
  protocol: z.enum(['http', 'grpc', 'tcp']).default('http'),
  requests: z.array(requestKindSchema).min(1).default([{}]),
  /** TCP: bytes per connection. */
  bytesSent: z.number().min(0).default(24_000),
  bytesReceived: z.number().min(0).default(6_000),
};

const sumsToOne = (call: { requests: { share: number }[] }) =>
  Math.abs(call.requests.reduce((sum, one) => sum + one.share, 0) - 1) < 1e-6;
const SUM_MESSAGE = {
  message: 'the shares must sum to 1',
  path: ['requests'],
};

export const callSchema = z
  .object({
    ...callShape,
    perRequest: z.number().min(0),
    onlyFrom: z.array(z.string()).default([]),
    failsWith: z
      .object({ code: z.string(), flags: z.string().default('-') })
      .strict()
      .optional(),
  })
  .strict()
  .refine(sumsToOne, SUM_MESSAGE);

export const senderSchema = z
  .object({ id: name, rate: z.number().min(0), ...callShape })
  .strict()
  .refine(sumsToOne, SUM_MESSAGE);

export const failureSchema = z
  .object({
    from: z.string().optional(),
    to: z.string().min(1),
    version: z.string().optional(),
    share,
    code: z
      .string()
      .regex(/^(0|[1-5]\d\d)$/, 'must be an HTTP status or 0 for no answer')
      .default('503'),
    grpcStatus: z
      .string()
      .regex(/^\d{1,2}$/)
      .optional(),
    flags: z.string().default('-'),
    waitMs: z.number().min(0).default(0),
  })
  .strict();

const versionSchema = z
  .object({
    version: z.string().min(1),
    replicas: z.number().int().min(0).default(1),
    /** Ready pods; all of them when left out. */
    ready: z.number().int().min(0).optional(),
    age: agoSchema.default('90d'),
    latency: latencySchema.optional(),
    /** Instead of the workload's. */
    calls: z.array(callSchema).optional(),
    image: z.string().optional(),
    /** Version of its proxies, when they started before the control plane was brought up to date. */
    proxyVersion: z.string().optional(),
  })
  .strict()
  .refine(
    value => (value.ready ?? 0) <= value.replicas,
    'ready must not exceed replicas',
  );

const portSchema = z
  .object({
    name: z.string(),
    port: z.number().int().min(1).max(65535),
    targetPort: z.number().int().optional(),
    appProtocol: z.string().optional(),
  })
  .strict();

const serviceSchema = z
  .object({
    name,
    ports: z.array(portSchema).min(1),
    selector: labels.optional(),
    labels: labels.default({}),
  })
  .strict();

export const workloadSchema = z
  .object({
    name,
    namespace: name,
    kind: z.enum(['service', 'gateway', 'waypoint']).default('service'),
    /** Instead of the namespace's. */
    mesh: z.enum(['sidecar', 'ambient', 'none']).optional(),
    serviceAccount: z.string().optional(),
    labels: labels.default({}),
    annotations: labels.default({}),
    ports: z.array(portSchema).default([]),
    /** Container ports without a Service port. */
    extraPorts: z
      .array(z.object({ name: z.string(), port: z.number().int() }).strict())
      .default([]),
    /** Further Services that select this workload's pods (by `app` and, if given, more labels). */
    services: z.array(serviceSchema).default([]),
    versions: z
      .array(versionSchema)
      .min(1)
      .default([{ version: 'v1' }]),
    latency: latencySchema.default({ p50: 12, p99: 90 }),
    requestBytes: z.number().min(0).default(700),
    responseBytes: z.number().min(0).default(3_200),
    calls: z.array(callSchema).default([]),
    sends: z.array(senderSchema).default([]),
  })
  .strict();

const rawObject = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string() }).passthrough(),
  })
  .passthrough();

export const objectSchema = z
  .object({
    /** Who wrote it last, as its managedFields say. */
    manager: z.string().default('kubectl-client-side-apply'),
    operation: z.enum(['Apply', 'Update']).default('Update'),
    created: agoSchema.default('60d'),
    /** When it got its present content; `created` when left out. */
    changed: agoSchema.optional(),
    /** Clusters that have it; all when left out. */
    clusters: z.array(z.string()).optional(),
    /** Content before, with the time it came into force, oldest first. */
    earlier: z
      .array(
        z.object({ changed: agoSchema, spec: z.record(z.unknown()) }).strict(),
      )
      .default([]),
    object: rawObject,
  })
  .strict();

const namespaceSchema = z
  .object({
    name,
    mesh: z.enum(['sidecar', 'ambient', 'none']),
    age: agoSchema.default('200d'),
    waypoint: z.string().optional(),
    labels: labels.default({}),
    annotations: labels.default({}),
  })
  .strict();

/** A certificate that cert-manager issued, or failed to renew. */
const certificateSchema = z
  .object({
    name,
    namespace: name,
    /** `name` when left out. */
    secretName: z.string().optional(),
    hosts: z.array(z.string().min(1)).min(1),
    issuer: z.string().default('letsencrypt'),
    issued: agoSchema.default('10d'),
    lasts: agoSchema.default('90d'),
    /** What cert-manager says of a renewal that fails; without it all is well. */
    failure: z.string().optional(),
    clusters: z.array(z.string()).optional(),
  })
  .strict();

const teamSchema = z
  .object({
    name,
    members: z.array(z.string().min(1)),
    /** Namespaces whose routing objects the team may edit. */
    edits: z.union([z.literal('everywhere'), z.array(z.string())]).default([]),
  })
  .strict();

const clusterSchema = z
  .object({
    name,
    /** Factor on every sender's rate. */
    share: z.number().positive().default(1),
    withoutNamespaces: z.array(z.string()).default([]),
    /** `namespace/name`. */
    withoutWorkloads: z.array(z.string()).default([]),
    /** istio-proxy as a sidecar init container. */
    nativeSidecars: z.boolean().default(false),
    /** Most replicas of one version. */
    maxReplicas: z.number().int().positive().optional(),
  })
  .strict();

const meshSchema = z
  .object({
    istioVersion: z.string().default('1.31.0'),
    rootNamespace: z.string().default('istio-system'),
    trustDomain: z.string().default('cluster.local'),
    domain: z.string().default('cluster.local'),
    /** Whether proxies name peers outside the mesh by address. */
    peerDiscovery: z.boolean().default(true),
    scrapeIntervalSeconds: z.number().int().min(1).default(5),
    rhythm: z
      .object({
        daily: z.number().min(0).max(0.5).default(0.08),
        jitter: z.number().min(0).max(0.2).default(0.05),
        peakHour: z.number().min(0).max(24).default(14),
      })
      .strict()
      .default({}),
    /** The `mesh` key of the istio ConfigMap. */
    config: z.record(z.unknown()).default({}),
  })
  .strict();

/** A world as a file. Unknown fields are refused. */
export const scenarioSchema = z
  .object({
    name,
    description: z.string().default(''),
    mesh: meshSchema.default({}),
    clusters: z.array(clusterSchema).min(1),
    /** Days of traffic before the start. */
    historyDays: z.number().int().min(0).max(60).default(7),
    teams: z.array(teamSchema).default([]),
    namespaces: z.array(namespaceSchema).min(1),
    workloads: z.array(workloadSchema),
    failures: z.array(failureSchema).default([]),
    objects: z.array(objectSchema).default([]),
    certificates: z.array(certificateSchema).default([]),
  })
  .strict();

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioCluster = Scenario['clusters'][number];
export type ScenarioWorkload = Scenario['workloads'][number];
export type ScenarioVersion = ScenarioWorkload['versions'][number];
export type ScenarioNamespace = Scenario['namespaces'][number];
export type ScenarioCertificate = Scenario['certificates'][number];
export type ScenarioObject = Scenario['objects'][number];
export type ScenarioCall = z.infer<typeof callSchema>;
