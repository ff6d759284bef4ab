import type {
  KubeObject,
  MeshFinding,
  Rule,
} from '@istio-backstage/plugin-istio-common';
import type { World } from '../world/World';
import {
  carries,
  declaring,
  destinationsOf,
  fullHost,
  isLimited,
  isPlanned,
  type Labels,
  lacksGateway,
  namespaceLabels,
  routingOf,
} from './facts';
import type { Meaning } from './meanings';
import { aboutExtensions } from './extensionDifferences';
import { aboutRules } from './ruleDifferences';
import { aboutDestinationRules, aboutGateways } from './trafficDifferences';

/** A known way in which istioctl and a rule of ours say different things of one object, and why both may stand. */
export interface Difference {
  meaning: Meaning;
  /** Who says it, where the other is silent. */
  only: 'istioctl' | 'ours';
  /** The rule that is meant, by name; only where several rules have the meaning. */
  rule?: Rule['name'];
  reason: string;
  /** Whether the object is such a one; \`findings\` are ours of it. */
  applies(
    object: KubeObject,
    world: World,
    findings: readonly MeshFinding[],
  ): boolean;
}

const textOf = ({ spec }: KubeObject) => JSON.stringify(spec ?? {});

const isWildcard = (object: KubeObject) =>
  (routingOf(object).hosts ?? []).some(host => host.startsWith('*'));

const aboutHosts: readonly Difference[] = [
  {
    meaning: 'IST0132',
    only: 'istioctl',
    reason:
      'a gateway that is not there covers no host; we tell that it is not there and leave it at that',
    applies: lacksGateway,
  },
  {
    meaning: 'IST0101 host',
    only: 'istioctl',
    reason:
      'of hosts shown to some namespaces only istioctl looks at those that exportTo of the VirtualService names, not at who calls',
    applies: (object, world) =>
      destinationsOf(object).some(({ host = '' }) =>
        declaring(world, host).some(isLimited),
      ),
  },
  {
    meaning: 'IST0101 host',
    only: 'ours',
    reason:
      'istioctl is content with a wildcard that covers the host; the service of that very name is the one that counts, and callers may not see it',
    applies: (object, world) =>
      destinationsOf(object).some(({ host = '' }) => {
        const objects = declaring(world, host);
        return objects.some(isLimited) && objects.some(isWildcard);
      }),
  },
  {
    meaning: 'IST0101 host:port',
    only: 'istioctl',
    reason:
      'of several that declare a host istioctl looks at one, and of wildcards at any; istiod puts them together',
    applies: (object, world) =>
      destinationsOf(object).some(
        ({ host = '', port }) =>
          port !== undefined && isDeclaredOddly(host, world),
      ),
  },
  {
    meaning: 'IST0101 host:port',
    only: 'ours',
    reason: 'istioctl does not look at ports of hosts that it takes for hidden',
    applies: (object, world) =>
      destinationsOf(object).some(
        ({ host = '', port }) =>
          port !== undefined && declaring(world, host).some(isLimited),
      ),
  },
  {
    meaning: 'IST0132',
    only: 'ours',
    reason: 'istioctl is content when one of several hosts is served',
    applies: object => (routingOf(object).hosts ?? []).length > 1,
  },
  {
    meaning: 'IST0112',
    only: 'istioctl',
    reason:
      'of several that declare a host istioctl looks at one, and of wildcards at any; istiod puts them together',
    applies: (object, world) =>
      destinationsOf(object).some(({ host = '' }) =>
        isDeclaredOddly(host, world),
      ),
  },
  {
    meaning: 'IST0112',
    only: 'ours',
    reason:
      'istioctl does not look at ports of hosts that it takes for hidden, and of several that declare a host it looks at one',
    applies: (object, world) =>
      destinationsOf(object).some(({ host = '', port }) => {
        const objects = declaring(world, host);
        return (
          port === undefined && (objects.length > 1 || objects.some(isLimited))
        );
      }),
  },
  {
    meaning: 'IST0101 subset in destinationrule',
    only: 'istioctl',
    reason:
      'a DestinationRule defines subsets of all hosts its own covers, whatever its namespace; istioctl asks for the same name, outside the cluster in the same namespace',
    applies: (object, world) =>
      destinationsOf(object).some(({ host = '', subset }) =>
        world.objects.some(
          rule =>
            rule.kind === 'DestinationRule' &&
            coversHost(rule, host) &&
            (routingOf(rule).subsets ?? []).some(({ name }) => name === subset),
        ),
      ),
  },
];

function coversHost(rule: KubeObject, host: string): boolean {
  const covered = fullHost(rule, routingOf(rule).host ?? '');
  return covered.startsWith('*')
    ? host.endsWith(covered.slice(1))
    : covered === host;
}

function isDeclaredOddly(host: string, world: World): boolean {
  const objects = declaring(world, host);
  return objects.length > 1 || objects.some(({ kind }) => kind !== 'Service');
}

const isInjected = (object: KubeObject, world: World) => {
  const labels = namespaceLabels(object, world);
  return (
    labels['istio-injection'] === 'enabled' ||
    labels['istio.io/rev'] !== undefined
  );
};

const isAmbient = (object: KubeObject, world: World) =>
  namespaceLabels(object, world)['istio.io/dataplane-mode'] === 'ambient';

const aboutWorkloads: readonly Difference[] = [
  {
    meaning: 'IST0103',
    only: 'istioctl',
    reason: 'a pod that ztunnel serves needs no sidecar',
    applies: ({ metadata }) =>
      metadata.annotations?.['ambient.istio.io/redirection'] === 'enabled',
  },
  {
    meaning: 'IST0103',
    only: 'ours',
    reason:
      'istioctl looks at namespaces with istio-injection=enabled only, and not at those that are ambient too',
    applies: (object, world) =>
      namespaceLabels(object, world)['istio-injection'] !== 'enabled' ||
      isAmbient(object, world),
  },
  {
    meaning: 'IST0123',
    only: 'ours',
    reason:
      'istioctl leaves out istio-system, whose labels decide all the same',
    applies: ({ metadata }) => metadata.name === 'istio-system',
  },
  {
    meaning: 'IST0102',
    only: 'istioctl',
    reason:
      'where each workload says for itself whether it wants a sidecar the namespace need not',
    applies: (object, world) =>
      world.objects.some(
        ({ kind, metadata, spec }) =>
          kind === 'Deployment' &&
          metadata.namespace === object.metadata.name &&
          JSON.stringify(spec ?? {}).includes('"sidecar.istio.io/inject"'),
      ),
  },
  {
    meaning: 'IST0144',
    only: 'istioctl',
    reason: 'user 1337 is taken only where a sidecar runs',
    applies: (object, world) =>
      object.kind === 'Deployment' && !isInjected(object, world),
  },
  {
    meaning: 'IST0146',
    only: 'istioctl',
    reason:
      'these worlds have no webhook, so that istioctl takes nothing as injected; we go by the labels',
    applies: (object, world) => isInjected(object, world),
  },
  {
    meaning: 'IST0111',
    only: 'ours',
    reason:
      'istioctl says of an ambient namespace only that Sidecars are ignored',
    applies: isAmbient,
  },
];

const aboutPorts: readonly Difference[] = ['IST0116', 'IST0137'].flatMap(
  (meaning): Difference[] => [
    {
      meaning,
      only: 'istioctl',
      reason: 'pods on the network of their node get no sidecar',
      applies: object => textOf(object).includes('"hostNetwork":true'),
    },
    {
      meaning,
      only: 'ours',
      reason:
        'istioctl sees no sidecar where it is a native one, or where the label of a revision asks for it',
      applies: (object, world) =>
        namespaceLabels(object, world)['istio-injection'] !== 'enabled',
    },
  ],
);

const matchLabelsOf = ({ spec }: KubeObject): Labels =>
  (spec as { selector?: { matchLabels?: Labels } } | undefined)?.selector
    ?.matchLabels ?? {};

/** A policy of the root namespace selects in all of them. */
const reachOf = ({ metadata }: KubeObject) =>
  metadata.namespace === 'istio-system' ? undefined : metadata.namespace;

const aboutPolicies: readonly Difference[] = [
  {
    meaning: 'IST0101 namespace',
    only: 'istioctl',
    reason:
      'a * in the middle of a namespace stands for anything to Istio’s filters, for itself to istioctl',
    applies: object => /"[^"*]+\*[^"*]+"/.test(textOf(object)),
  },
  {
    meaning: 'IST0101 namespace',
    only: 'ours',
    reason:
      'istioctl does not look at conditions on source.namespace, and takes letters of either case for the same',
    applies: object => /"source\.namespace"|"A"/.test(textOf(object)),
  },
  {
    meaning: 'IST0127',
    only: 'istioctl',
    reason:
      'a policy with targetRefs selects no pods, and one may be for a Deployment whose pods are not there yet',
    applies: (object, world) =>
      /"targetRefs?"/.test(textOf(object)) ||
      isPlanned(world, matchLabelsOf(object), reachOf(object)),
  },
  {
    meaning: 'IST0127',
    only: 'ours',
    reason:
      'istioctl takes every pod of a namespace with istio-injection=enabled for one with a proxy',
    applies: (object, world) =>
      world.objects.some(
        pod =>
          pod.kind === 'Pod' &&
          (reachOf(object) ?? pod.metadata.namespace) ===
            pod.metadata.namespace &&
          carries(pod.metadata.labels, matchLabelsOf(object)) &&
          namespaceLabels(pod, world)['istio-injection'] === 'enabled',
      ),
  },
];

const aboutValidation: readonly Difference[] = [
  {
    meaning: 'IST0133',
    only: 'istioctl',
    reason:
      'the webhook warns of every EnvoyFilter, and of what Envoy’s own messages say about its values',
    applies: ({ kind }) => kind === 'EnvoyFilter',
  },
];

/** Each reason is met by the seeds of `npm test`; one that is not has gone and must go from here. */
export const DIFFERENCES: readonly Difference[] = [
  ...aboutHosts,
  ...aboutRules,
  ...aboutDestinationRules,
  ...aboutGateways,
  ...aboutWorkloads,
  ...aboutPorts,
  ...aboutPolicies,
  ...aboutExtensions,
  ...aboutValidation,
];

/** Codes that cannot be compared. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
  IST0136: 'maturity.AlphaAnalyzer is not in istioctl’s list',
  IST0158:
    'istioctl compares images with the injector’s template, we versions with the control plane’s',
  IST0161: 'Secrets are not among the objects that our rules read',
  'IST0101 credentialName':
    'Secrets are not among the objects that our rules read',
};
