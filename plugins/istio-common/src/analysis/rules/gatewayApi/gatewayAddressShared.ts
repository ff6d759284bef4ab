import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import { namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import { perLists } from '../../../mesh/route/perLists';
import type { Rule } from '../../types';

/** Gateways by type, value and, for a Service's name, namespace of their addresses. */
const buildByAddress = perLists(lists => {
  const users = new Map<string, KubeObject[]>();
  for (const gateway of lists[0] as readonly KubeObject[]) {
    for (const address of fieldsListOf(fieldsOf(gateway.spec).addresses)) {
      const key = keyOf(address, gateway);
      users.set(key, [...(users.get(key) ?? []), gateway]);
    }
  }
  return users;
});

function keyOf(address: Fields, gateway: KubeObject): string {
  const type = textOf(address.type) ?? 'IPAddress';
  const value = textOf(address.value) ?? '';
  const place = value.includes('.') ? '' : gateway.metadata.namespace ?? '';
  return `${type}/${place}/${value.toLowerCase()}`;
}

/** Two Gateways that meet on one address. Source: istio/istio pilot/pkg/config/kube/gateway extractGatewayServices (1.31). */
export const gatewayAddressShared: Rule = {
  code: 'ISB0916',
  name: 'gateway-address-shared',
  title: 'Two Gateways claim the same address, port and hostname',
  severity: 'warning',
  explanation:
    'Gateways that name one Service are served by the same proxies, which is fine as long as their listeners differ. Of two listeners with the same port and hostname the proxies keep one; which one depends on the age of the Gateways. Two Gateways cannot have one IP address on one port at all.',
  remedy:
    'Give the listeners different ports or hostnames, or let one team own the Gateway and attach routes to it.',
  equivalents: ['KIA1501', 'KIA1502'],
  subjects: ['KubernetesGateway'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const users = buildByAddress([snapshot.list('KubernetesGateway')]);
    return fieldsListOf(fieldsOf(subject.spec).addresses).flatMap(
      (address, index) => {
        const value = textOf(address.value);
        if (!value) return [];
        const isIp = (textOf(address.type) ?? 'IPAddress') === 'IPAddress';
        return (users.get(keyOf(address, subject)) ?? [])
          .filter(other => other !== subject)
          .flatMap(other => {
            const shared = findShared(subject, other, isIp);
            return shared
              ? [
                  {
                    message: `Gateway ${namespacedName(
                      other.metadata,
                    )} has ${shared} at ${value} too.`,
                    path: `spec.addresses[${index}]`,
                  },
                ]
              : [];
          });
      },
    );
  },
};

function findShared(
  gateway: KubeObject,
  other: KubeObject,
  anyHostname: boolean,
): string | undefined {
  const theirs = fieldsListOf(fieldsOf(other.spec).listeners);
  for (const listener of fieldsListOf(fieldsOf(gateway.spec).listeners)) {
    const port = numberOf(listener.port);
    const hostname = textOf(listener.hostname)?.toLowerCase();
    const meets = theirs.some(
      candidate =>
        numberOf(candidate.port) === port &&
        (anyHostname || textOf(candidate.hostname)?.toLowerCase() === hostname),
    );
    if (meets) {
      return anyHostname
        ? `port ${port}`
        : `${hostname ?? 'every hostname'} on port ${port}`;
    }
  }
  return undefined;
}
