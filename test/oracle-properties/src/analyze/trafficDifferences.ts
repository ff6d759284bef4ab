import type { Difference } from './differences';
import { declaring, fullHost, isLimited, routingOf } from './facts';

const textOf = (value: unknown) => JSON.stringify(value ?? {});

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
  ...['IST0128', 'IST0129'].map(
    (meaning): Difference => ({
      meaning,
      only: 'ours',
      reason: 'istioctl does not look at the TLS of subsets',
      applies: object => textOf(routingOf(object).subsets).includes('"tls"'),
    }),
  ),
];

/** Of gateways: istioctl compares what is written, we what is in force at the workloads they share. */
export const aboutGateways: readonly Difference[] = [
  ...(['istioctl', 'ours'] as const).flatMap(only =>
    ['IST0138', 'IST0145'].map(
      (meaning): Difference => ({
        meaning,
        only,
        reason:
          'istioctl compares selectors and hosts as written, of each port the last server; we the servers of the workloads that both select',
      }),
    ),
  ),
  {
    meaning: 'IST0162',
    only: 'ours',
    reason: 'istioctl takes a Service without selector for one of every pod',
    applies: (_, { objects }) =>
      objects.some(
        ({ kind, spec }) => kind === 'Service' && spec?.selector === undefined,
      ),
  },
];
