import { parseAddressRange } from '../../resources/address';
import type { KubeObject } from '../../resources/types';
import { isMeshHost } from '../isMeshHost';
import { namespacesLike, type PolicyFile } from '../policyFile';
import { settingsIn, teamSettings, type TeamSettings } from '../settings';
import {
  type CelVariable,
  type HeldTables,
  sharedVariables,
} from './hostExpressions';
import { hostRules } from './hostRules';
import type { AdmissionRule } from './routeRules';

/** For which cluster the objects are, and whom they do not hold. */
export interface GuardOptions {
  file: PolicyFile;
  /** Name in the configuration; its domain, root namespace and environment count. */
  cluster?: string;
  /** Kubernetes groups that may take any host: the platform's, deployers of many namespaces. */
  exemptGroups: readonly string[];
}

/**
 * Host ownership for who writes past the portal: a ValidatingAdmissionPolicy with its binding per kind.
 * Without a component to go by, a namespace's own are the Services of all namespaces that share an owner
 * with it.
 *
 * Sources: kubernetes.io "Validating Admission Policy" and "Common Expression Language in Kubernetes".
 */
export function buildGuard(options: GuardOptions): KubeObject[] {
  const { file, cluster } = options;
  const domain =
    file.clusters.find(({ name }) => name === cluster)?.domain ??
    'cluster.local';
  const shared = sharedVariables(buildTables(file, domain));
  return hostRules(domain).flatMap(rule => {
    const name = `istio-portal-hosts-${rule.resource}`;
    return [
      buildPolicy(rule, { name, shared, ...options }),
      buildBinding(name, options),
    ];
  });
}

function buildPolicy(
  { group, resource, variables, validations }: AdmissionRule,
  options: GuardOptions & { name: string; shared: CelVariable[] },
): KubeObject {
  const { name, shared, exemptGroups } = options;
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        // A request for another served version of the kind is converted and judged too.
        matchPolicy: 'Equivalent',
        resourceRules: [
          {
            apiGroups: [group],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: [resource],
          },
        ],
      },
      matchConditions: [
        {
          // Labels, finalizers and status of what stands are nobody's hosts.
          name: 'spec-changes',
          expression:
            'oldObject == null || !has(oldObject.spec) || !has(object.spec) || object.spec != oldObject.spec',
        },
        { name: 'has-spec', expression: 'has(object.spec)' },
        ...(exemptGroups.length > 0
          ? [
              {
                name: 'not-exempt',
                expression: `!request.userInfo.groups.exists(g, g in ${quoted(
                  exemptGroups,
                )})`,
              },
            ]
          : []),
      ],
      variables: [...shared, ...variables],
      validations: validations.map(({ expression, message }) => ({
        expression,
        message: `istio-portal guard: ${message}`,
        reason: 'Forbidden',
      })),
    },
  };
}

function buildBinding(
  name: string,
  { file, cluster }: GuardOptions,
): KubeObject {
  const enforced =
    settingsIn(file.guardrails, cluster).modeOf('host-ownership') === 'enforce';
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: enforced ? ['Deny'] : ['Warn', 'Audit'],
    },
  };
}

/** Only what goes beyond a namespace's own Services stands in a table. */
function buildTables(file: PolicyFile, domain: string): HeldTables {
  const { namespaces } = file.ownership;
  const isOutside = (host: string) =>
    !isMeshHost(host, {
      domain,
      get: (_, __, name) =>
        Object.hasOwn(namespaces, name)
          ? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
          : undefined,
    });
  const table = (
    listOf: (namespace: string, teams: TeamSettings[]) => readonly string[],
  ) =>
    Object.fromEntries(
      Object.entries(namespaces)
        .map(([namespace, owners]): [string, string[]] => {
          const teams = owners.map(owner =>
            teamSettings(file.guardrails, owner),
          );
          return [namespace, [...new Set(listOf(namespace, teams))]];
        })
        .filter(([namespace, list]) => list.some(each => each !== namespace)),
    );
  return {
    owned: table(namespace => namespacesLike(file, namespace)),
    external: table((_, teams) =>
      teams.flatMap(team => team.externalHosts).filter(isOutside),
    ),
    published: table((_, teams) =>
      teams.flatMap(team => team.gatewayHosts).filter(isOutside),
    ),
    addresses: table((_, teams) =>
      teams.flatMap(team => team.externalAddresses).map(asRange),
    ),
  };
}

/** A single address as the range that CEL's `cidr` wants. */
function asRange(address: string): string {
  return address.includes('/')
    ? address
    : `${address}/${parseAddressRange(address)?.bits.length ?? 32}`;
}

/** A CEL list of texts. */
function quoted(texts: readonly string[]): string {
  return `[${texts.map(text => JSON.stringify(text)).join(', ')}]`;
}
