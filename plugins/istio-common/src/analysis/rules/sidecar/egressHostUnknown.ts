import {
  fieldsListOf,
  fieldsOf,
  listOf,
  textOf,
} from '../../../resources/fields';
import { serviceHost, serviceOfHost } from '../../../resources/host';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { FindingFix, Rule } from '../../types';
import { offersHost } from './offeredHosts';

interface EgressHost {
  /** `*` for any. */
  namespace: string;
  name: string;
}

/** A host that a Sidecar imports and nobody offers. Source: istio/istio pilot/pkg/model/sidecar.go (1.31). */
export const egressHostUnknown: Rule = {
  code: 'ISB0704',
  name: 'sidecar-egress-host-unknown',
  title: 'A Sidecar imports a host that nothing offers',
  severity: 'warning',
  explanation:
    'The entry fits no Service, ServiceEntry or VirtualService of that namespace, so it imports nothing. Requests to the service that was meant find no route: with REGISTRY_ONLY they are refused, otherwise they bypass all rules for it.',
  remedy:
    'Write namespace/full name, as catalog/reviews.catalog.svc.cluster.local; "." is the own namespace, "*" any. Short names are not completed.',
  equivalents: ['KIA1004'],
  subjects: ['Sidecar'],
  inputs: ['Service', 'ServiceEntry', 'VirtualService'],
  reach: 'mesh',
  reachOf: { Sidecar: 'object' },
  check(subject, { snapshot }) {
    const own = subject.metadata.namespace ?? '';
    // `.` of the root namespace's Sidecar is the namespace of each client.
    const isRoot = own === snapshot.rootNamespace;
    const client = isRoot ? {} : { client: own };
    return fieldsListOf(fieldsOf(subject.spec).egress).flatMap(
      (listener, index) =>
        listOf(listener.hosts).flatMap((value, position) => {
          const host = readEgressHost(textOf(value) ?? '', isRoot ? '*' : own);
          if (!host || offersHost(snapshot, { ...host, ...client })) return [];
          const place = `egress/${index}/hosts/${position}`;
          return [
            {
              message: `Nothing in ${
                host.namespace === '*' ? 'the mesh' : host.namespace
              } offers ${host.name}: it imports nothing.`,
              path: `spec.egress[${index}].hosts[${position}]`,
              ...proposeFullName(snapshot, host, place),
            },
          ];
        }),
    );
  },
};

/** Undefined for what imports nothing on purpose, all of a namespace, or is malformed. */
function readEgressHost(text: string, own: string): EgressHost | undefined {
  const [namespace, name, ...rest] = text.split('/');
  return !name || rest.length > 0 || namespace.startsWith('~') || name === '*'
    ? undefined
    : { namespace: namespace === '.' ? own : namespace, name };
}

/** The Service that a name in a shorter form most likely means. */
function proposeFullName(
  snapshot: MeshSnapshot,
  { namespace, name }: EgressHost,
  place: string,
): { fix?: FindingFix } {
  const [service, written = namespace] = name.split('.');
  const full = serviceHost(
    { namespace: written, name: service },
    snapshot.domain,
  );
  if (
    namespace === '*' ||
    written !== namespace ||
    serviceOfHost(name, snapshot.domain) ||
    !snapshot.get('Service', namespace, service)
  ) {
    return {};
  }
  return {
    fix: {
      title: `Import ${namespace}/${full}`,
      patch: [
        {
          op: 'replace',
          path: `/spec/${place}`,
          value: `${namespace}/${full}`,
        },
      ],
    },
  };
}
