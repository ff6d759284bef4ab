import { z } from 'zod';
import { normalizeEntityRef } from '../entity/entityRef';
import { KINDS, type KindName } from '../resources/kinds';
import { parseAddressRange } from '../resources/address';

/** Kinds that reach into the proxies themselves: no setting brings them into self-service. */
export const NEVER_IN_SELF_SERVICE: readonly KindName[] = [
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
  'ProxyConfig',
];

const SELF_SERVICE_GROUPS = [
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'gateway.networking.k8s.io',
];

/** Kinds a platform may open to component owners. */
export const POSSIBLE_KINDS = (Object.keys(KINDS) as KindName[]).filter(
  kind =>
    SELF_SERVICE_GROUPS.includes(KINDS[kind].group) &&
    !NEVER_IN_SELF_SERVICE.includes(kind),
);

const entityRefSchema = z.string().transform((value, ctx) => {
  const ref = normalizeEntityRef(value, {
    kind: 'group',
    namespace: 'default',
  });
  if (!ref) {
    ctx.addIssue({
      code: 'custom',
      message: 'must be an entity reference such as group:default/platform',
    });
    return z.NEVER;
  }
  return ref;
});

/** `api.example.com`, or `*.example.com` for every name below it; one label or a bare `*` would be everybody's. */
const domainSchema = z
  .string()
  .transform(value => value.toLowerCase().replace(/\.+$/, ''))
  .refine(
    value =>
      /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(
        value,
      ),
    'must be a domain with a dot, such as api.example.com or *.example.com',
  );

const addressSchema = z
  .string()
  .refine(
    value => parseAddressRange(value) !== undefined,
    'must be an address or a range such as 203.0.113.0/24',
  );

const modeSchema = z.enum(['enforce', 'warn']);

const limitsSchema = z
  .object({
    /** A step of this many percentage points that reaches callers of other teams is theirs to know of. */
    stepPoints: z.number().positive().max(100),
    /** Retries of one request, in a route. */
    retryAttempts: z.number().int().min(0).max(100),
    /** Retries at a time in percent of active requests, in a DestinationRule's retry budget. */
    retryBudgetPercent: z.number().min(0).max(100),
  })
  .strict();

export const DEFAULT_LIMITS: z.infer<typeof limitsSchema> = {
  stepPoints: 25,
  retryAttempts: 5,
  retryBudgetPercent: 25,
};

const kindsSchema = z
  .array(
    z.string().refine((kind): kind is KindName => {
      return (POSSIBLE_KINDS as string[]).includes(kind);
    }, `must be one of ${POSSIBLE_KINDS.join(', ')}; ${NEVER_IN_SELF_SERVICE.join(', ')} are never in self-service`),
  )
  .min(1);

export const DEFAULT_KINDS: KindName[] = [
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
  'ServiceEntry',
  'PeerAuthentication',
  'AuthorizationPolicy',
];

const teamSchema = z
  .object({
    /** Domains outside the mesh that the team may name in a ServiceEntry or route. */
    externalHosts: z.array(domainSchema).default([]),
    /** Addresses outside the mesh that its ServiceEntries may take. */
    externalAddresses: z.array(addressSchema).default([]),
    /** Domains the team may serve on gateways. */
    gatewayHosts: z.array(domainSchema).default([]),
    /** Secrets with certificates that its Gateways may name. */
    credentialNames: z.array(z.string().min(1)).default([]),
  })
  .strict();
export type TeamSettings = z.infer<typeof teamSchema>;

const modesSchema = z.record(modeSchema);

/** The `istio.guardrails` section: the same for form, API, command line and the generated admission policy. */
export const guardrailSettingsSchema = z
  .object({
    /** Who may change what counts for the whole mesh. */
    platformTeams: z.array(entityRefSchema).default([]),
    /** By id of the policy; what is not named is enforced. */
    modes: modesSchema.default({}),
    limits: limitsSchema.partial().strict().default({}),
    /** Kinds that component owners change. */
    kinds: kindsSchema.default(DEFAULT_KINDS),
    /** Ports that a team's Gateways may open. */
    gatewayPorts: z
      .array(z.number().int().min(1).max(65535))
      .default([80, 443]),
    /** Components where a second person looks at every change. */
    tierOne: z.array(entityRefSchema).default([]),
    /** Clusters that are judged alike, by name of the environment. */
    environments: z
      .record(
        z
          .object({
            clusters: z.array(z.string().min(1)).min(1),
            modes: modesSchema.default({}),
            limits: limitsSchema.partial().strict().default({}),
          })
          .strict(),
      )
      .default({}),
    /** What a team holds beyond its namespaces, by entity ref of the team. */
    teams: z
      .record(teamSchema)
      .default({})
      .transform((teams, ctx) =>
        Object.fromEntries(
          Object.entries(teams).flatMap(([team, held]) => {
            const ref = normalizeEntityRef(team, {
              kind: 'group',
              namespace: 'default',
            });
            if (ref) {
              return [[ref, held]];
            }
            ctx.addIssue({
              code: 'custom',
              path: [team],
              message: 'must be an entity reference such as group:default/team',
            });
            return [];
          }),
        ),
      ),
  })
  .strict();
export type GuardrailSettings = z.infer<typeof guardrailSettingsSchema>;
export type GuardrailLimits = z.infer<typeof limitsSchema>;

/** Everything enforced, nothing beyond a component's own namespaces. */
export const DEFAULT_GUARDRAIL_SETTINGS: GuardrailSettings =
  guardrailSettingsSchema.parse({});

/** What holds in one cluster: its environment's settings over the general ones. */
export function settingsIn(
  settings: GuardrailSettings,
  cluster: string | undefined,
): {
  environment?: string;
  limits: GuardrailLimits;
  modeOf(policy: string): 'enforce' | 'warn';
} {
  const [environment, own] =
    Object.entries(settings.environments).find(
      ([, { clusters }]) => cluster !== undefined && clusters.includes(cluster),
    ) ?? [];
  const modes = new Map([
    ...Object.entries(settings.modes),
    ...Object.entries(own?.modes ?? {}),
  ]);
  return {
    ...(environment !== undefined && { environment }),
    limits: { ...DEFAULT_LIMITS, ...settings.limits, ...own?.limits },
    modeOf: policy => modes.get(policy) ?? 'enforce',
  };
}

const NOTHING_HELD: TeamSettings = teamSchema.parse({});

/** What a team holds beyond its namespaces; nothing for one that is not named. */
export function teamSettings(
  settings: GuardrailSettings,
  team: string | undefined,
): TeamSettings {
  return team !== undefined && Object.hasOwn(settings.teams, team)
    ? settings.teams[team]
    : NOTHING_HELD;
}
