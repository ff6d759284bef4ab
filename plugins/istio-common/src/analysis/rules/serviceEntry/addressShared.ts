import {
  fieldsListOf,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
} from '../../../resources/fields';
import { namespacedName } from '../../../resources/objectKey';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';
import { claimOf, claimsOfAddress, compete } from './entryIndex';

/** Protocols without a name in their first bytes: only the address tells services apart. */
const NAMELESS = new Set(['', 'TCP', 'MONGO', 'REDIS', 'MYSQL']);

/**
 * Two ServiceEntries take one address and port for TCP.
 *
 * Source: istio/istio pilot/pkg/networking/core listener.go, conflicts of outbound TCP listeners (1.31).
 */
export const addressShared: Rule = {
  code: 'ISB0408',
  name: 'service-entry-address-shared',
  title: 'Two ServiceEntries claim the same address and TCP port',
  severity: 'warning',
  explanation:
    'Connections to the address are told apart by nothing else. The proxy builds the listener of the older service and drops the other one: its hosts, policies and metrics never apply.',
  remedy:
    'Give each service an address of its own, or declare both hosts in one ServiceEntry. With TLS the server name tells them apart.',
  equivalents: [],
  subjects: ['ServiceEntry'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const own = claimOf(snapshot, subject);
    const ports = tcpPorts(subject);
    if (!own || ports.size === 0) return [];
    return listOf(fieldsOf(subject.spec).addresses).flatMap((value, index) => {
      const address = textOf(value);
      const claims = address ? claimsOfAddress(snapshot, address) : [];
      const older = claims
        .slice(0, claims.indexOf(own))
        .find(
          claim =>
            compete(own, claim) &&
            !shareHost(subject, claim.object) &&
            sharedPort(ports, claim.object) !== undefined,
        );
      if (!older) return [];
      return [
        {
          message: `${address}:${sharedPort(
            ports,
            older.object,
          )} belongs to ${namespacedName(
            older.object.metadata,
          )}, which is older: TCP connections there are not taken for this service.`,
          path: `spec.addresses[${index}]`,
        },
      ];
    });
  },
};

function tcpPorts(object: KubeObject): Set<number> {
  return new Set(
    fieldsListOf(fieldsOf(object.spec).ports).flatMap(port =>
      NAMELESS.has((textOf(port.protocol) ?? '').toUpperCase())
        ? numberOf(port.number) ?? []
        : [],
    ),
  );
}

function sharedPort(
  ports: ReadonlySet<number>,
  other: KubeObject,
): number | undefined {
  return [...tcpPorts(other)].find(port => ports.has(port));
}

/** Another definition of the same host is another rule's matter. */
function shareHost(a: KubeObject, b: KubeObject): boolean {
  const hosts = new Set(readServiceEntry(a).hosts);
  return readServiceEntry(b).hosts.some(host => hosts.has(host));
}
