import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import { readGateway } from '../../../resources/gateway';
import { namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import { perLists } from '../../../mesh/route/perLists';
import { shareWorkload } from '../../facts/sharedWorkloads';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

function credentialsOf(object: KubeObject): { name: string; path: string }[] {
  return fieldsListOf(fieldsOf(object.spec).servers).flatMap(
    (server, index) => {
      const name = textOf(fieldsOf(server.tls).credentialName);
      return name
        ? [{ name, path: `spec.servers[${index}].tls.credentialName` }]
        : [];
    },
  );
}

const gatewaysByCredential = perLists(lists => {
  const index = new Map<string, Set<KubeObject>>();
  for (const object of lists[0] as readonly KubeObject[]) {
    for (const { name } of credentialsOf(object)) {
      index.set(name, (index.get(name) ?? new Set<KubeObject>()).add(object));
    }
  }
  return index;
});

/** Sources: istio/istio analyzers/gateway/certificate.go; istio.io, common problems, 404 with several gateways. */
export const sharedCertificate: Rule = {
  code: 'ISB0305',
  name: 'gateway-shared-certificate',
  title: 'Two Gateways of one workload use the same certificate',
  severity: 'warning',
  explanation:
    'A browser reuses an HTTP/2 connection for another host that the certificate covers. The request then reaches the server of the first Gateway, which does not know the host, and gets 404.',
  remedy:
    'Put the hosts of one certificate into one server of one Gateway, and bind the VirtualServices to it.',
  equivalents: ['IST0138'],
  subjects: ['Gateway'],
  inputs: [...WORKLOAD_KINDS],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const { selector } = readGateway(subject);
    const index = gatewaysByCredential([snapshot.list('Gateway')]);
    return credentialsOf(subject).flatMap(({ name, path }) => {
      const others = [...(index.get(name) ?? [])]
        .filter(
          other =>
            other !== subject &&
            shareWorkload(snapshot, selector, readGateway(other).selector),
        )
        .map(({ metadata }) => namespacedName(metadata))
        .sort();
      const more = others.length - 3;
      return others.length === 0
        ? []
        : [
            {
              message: `The certificate ${name} is used by Gateway ${others
                .slice(0, 3)
                .join(', ')}${more > 0 ? ` and ${more} more` : ''} too.`,
              path,
            },
          ];
    });
  },
};
