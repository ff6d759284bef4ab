import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../../resources/fields';
import { namespacedName } from '../../../resources/objectKey';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';
import { areSeenTogether, claimOf, claimsOfHost } from './entryIndex';

/**
 * One host and port with two protocols.
 *
 * Source: istio/istio analyzers/serviceentry/conflictingserviceentries.go.
 */
export const protocolConflict: Rule = {
  code: 'ISB0402',
  name: 'service-entry-protocol-conflict',
  title: 'ServiceEntries give one host and port different protocols',
  severity: 'warning',
  explanation:
    'A proxy that sees both keeps one definition of the port. Requests are then read as the other protocol would be, HTTP rules do not apply to TCP, and which one is kept changes with the age and visibility of the objects.',
  remedy:
    'Agree on the protocol, or keep one of the ServiceEntries out of sight of the other namespace with exportTo.',
  equivalents: ['IST0177', 'KIA1212'],
  subjects: ['ServiceEntry'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const own = claimOf(snapshot, subject);
    if (!own) return [];
    const others = [...new Set(readServiceEntry(subject).hosts)].flatMap(host =>
      claimsOfHost(snapshot, host)
        .filter(claim => claim !== own && areSeenTogether(own, claim))
        .map(claim => ({ host, object: claim.object })),
    );
    if (others.length === 0) return [];
    return readProtocols(subject).flatMap(({ number, protocol, path }) => {
      const rival = others
        .flatMap(({ host, object }) =>
          readProtocols(object).map(port => ({ ...port, host, object })),
        )
        .find(port => port.number === number && port.protocol !== protocol);
      if (!rival) return [];
      return [
        {
          message: `${rival.host}:${number} is ${
            protocol || 'without protocol'
          } here and ${
            rival.protocol || 'without protocol'
          } in ${namespacedName(rival.object.metadata)}.`,
          path: `${path}.protocol`,
        },
      ];
    });
  },
};

function readProtocols(
  object: KubeObject,
): { number: number; protocol: string; path: string }[] {
  return fieldsListOf(fieldsOf(object.spec).ports).flatMap((port, index) => {
    const number = numberOf(port.number);
    const protocol = (textOf(port.protocol) ?? '').toUpperCase();
    return number === undefined
      ? []
      : [{ number, protocol, path: `spec.ports[${index}]` }];
  });
}
