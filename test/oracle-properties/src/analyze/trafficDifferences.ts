import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { World } from '../world/World';
import type { Difference } from './differences';
import {
  carries,
  declaring,
  fullHost,
  isLimited,
  isPlanned,
  type Labels,
  listOf,
  routingOf,
} from './facts';

const textOf = (value: unknown) => JSON.stringify(value ?? {});

const PLACE = 'topology.kubernetes.io/';

const subsetsOf = (object: KubeObject) => routingOf(object).subsets ?? [];

const podsOf = (world: World) =>
  world.objects.filter(({ kind }) => kind === 'Pod');

/** What istioctl and our rules say differently of DestinationRules. */
export const aboutDestinationRules: readonly Difference[] = [
  {
    meaning: 'IST0174',
    only: 'istioctl',
    reason:
      'a wildcard is known when it covers a known host, and a host that some namespaces see is known; istioctl asks for the name itself, seen from the namespace of the rule',
    applies: (object, world) => {
      const host = fullHost(object, routingOf(object).host ?? '');
      return host.startsWith('*') || declaring(world, host).some(isLimited);
    },
  },
  {
    meaning: 'IST0173',
    only: 'istioctl',
    reason:
      'places are no labels of pods, a Deployment’s pods may come yet, and endpoints of ServiceEntries and of Services without selector are no pods',
    applies: (object, world) => {
      const host = fullHost(object, routingOf(object).host ?? '');
      return (
        declaring(world, host).some(
          ({ kind, spec }) => kind === 'ServiceEntry' || !spec?.selector,
        ) ||
        subsetsOf(object).every(
          ({ labels = {} }) =>
            podsOf(world).some(({ metadata }) =>
              carries(metadata.labels, labels),
            ) ||
            isPlanned(world, labels) ||
            Object.keys(labels).some(name => name.startsWith(PLACE)),
        )
      );
    },
  },
  {
    meaning: 'IST0173',
    only: 'ours',
    reason:
      'istioctl is content with any pod of the mesh that has the labels; a subset needs one behind the service. It does not look at subsets of hosts that it takes for hidden',
    applies: (object, world) =>
      declaring(world, fullHost(object, routingOf(object).host ?? '')).some(
        isLimited,
      ) ||
      subsetsOf(object).some(({ labels = {} }) =>
        podsOf(world).some(({ metadata }) => carries(metadata.labels, labels)),
      ),
  },
  ...['IST0128', 'IST0129'].map(
    (meaning): Difference => ({
      meaning,
      only: 'ours',
      reason: 'istioctl does not look at the TLS of subsets',
      applies: object => textOf(routingOf(object).subsets).includes('"tls"'),
    }),
  ),
];

const serversOf = (object: KubeObject) => routingOf(object).servers ?? [];

const hasSameSelector = (one: KubeObject, other: KubeObject) => {
  const [a, b]: Labels[] = [one, other].map(
    object => routingOf(object).selector ?? {},
  );
  return carries(a, b) && carries(b, a);
};

/** Other Gateways with the same selector as written. */
const rivalsOf = (object: KubeObject, world: World) =>
  listOf(world, 'Gateway').filter(
    other => other !== object && hasSameSelector(object, other),
  );

/** Whether both have one server on the port, with a host in common as written. */
function conflictPlainly(one: KubeObject, other: KubeObject): boolean {
  return serversOf(one).some(({ port, hosts = [], bind }) => {
    const [own, theirs] = [one, other].map(object =>
      serversOf(object).filter(server => server.port?.number === port?.number),
    );
    return (
      own.length === 1 &&
      theirs.length === 1 &&
      theirs[0].bind === bind &&
      (theirs[0].hosts ?? []).some(
        host =>
          hosts.includes(host) &&
          (!host.startsWith('./') ||
            one.metadata.namespace === other.metadata.namespace),
      )
    );
  });
}

/** Whether a Service with the selector opens one of the Gateway's ports. */
const isOpenedBy = (
  object: KubeObject,
  world: World,
  fits: (selector: Labels | undefined, namespace?: string) => boolean,
) =>
  world.objects.some(({ kind, metadata, spec }) => {
    const { selector, ports = [] } = (spec ?? {}) as {
      selector?: Labels;
      ports?: { port?: number; targetPort?: number | string }[];
    };
    return (
      kind === 'Service' &&
      fits(selector, metadata.namespace) &&
      ports.some(({ port, targetPort }) =>
        serversOf(object).some(
          ({ port: own }) =>
            own?.number === port ||
            own?.number === targetPort ||
            typeof targetPort === 'string',
        ),
      )
    );
  });

/** Of gateways: istioctl compares what is written, we what is in force at the workloads they share. */
export const aboutGateways: readonly Difference[] = [
  ...(['istioctl', 'ours'] as const).flatMap((only): Difference[] => [
    {
      meaning: 'IST0138',
      only,
      reason:
        'istioctl compares selectors as written; we ask for a workload that both select',
      applies: (object, world) =>
        !rivalsOf(object, world).some(rival =>
          serversOf(rival).some(({ tls }) =>
            serversOf(object).some(
              own =>
                own.tls?.credentialName &&
                own.tls.credentialName === tls?.credentialName,
            ),
          ),
        ),
    },
    {
      meaning: 'IST0145',
      only,
      reason:
        'istioctl compares selectors and hosts as written, ./ of two namespaces too, and of each port the last server; we the servers of the workloads that both select',
      applies: (object, world) =>
        !rivalsOf(object, world).some(rival => conflictPlainly(object, rival)),
    },
  ]),
  {
    meaning: 'IST0162',
    only: 'istioctl',
    reason: 'the pods of a Deployment behind the Service may come yet',
    applies: (object, world) =>
      isOpenedBy(
        object,
        world,
        (selector, namespace) =>
          selector !== undefined && isPlanned(world, selector, namespace),
      ),
  },
  {
    meaning: 'IST0162',
    only: 'ours',
    reason: 'istioctl takes a Service without selector for one of every pod',
    applies: (object, world) =>
      isOpenedBy(object, world, selector => selector === undefined),
  },
  {
    meaning: 'IST0101 Sidecar selector',
    only: 'istioctl',
    reason: 'a Sidecar may be for a Deployment whose pods are not there yet',
    applies: (object, world) =>
      isPlanned(
        world,
        routingOf(object).workloadSelector?.labels ?? {},
        object.metadata.namespace,
      ),
  },
];
