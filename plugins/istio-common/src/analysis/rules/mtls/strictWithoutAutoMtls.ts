import { readDestinationRule } from '../../../resources/destinationRule';
import { fieldsListOf, fieldsOf } from '../../../resources/fields';
import { serviceHost } from '../../../resources/host';
import { readMeshSecurity } from '../../../resources/meshConfig';
import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import { readService } from '../../../resources/service';
import type { KubeObject } from '../../../resources/types';
import { resolveDestinationRule } from '../../../mesh/traffic/resolveDestinationRule';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';

function isEncrypted(snapshot: MeshSnapshot, service: KubeObject): boolean {
  const { name, namespace } = readService(service);
  const rule = resolveDestinationRule({
    snapshot,
    host: serviceHost({ name, namespace }, snapshot.domain),
    serviceNamespace: namespace,
    clientNamespace: namespace,
  });
  const policy = rule && readDestinationRule(rule.objects[0]).trafficPolicy;
  return (
    policy !== undefined &&
    [policy, ...fieldsListOf(policy.portLevelSettings)].some(
      ({ tls }) => fieldsOf(tls).mode === 'ISTIO_MUTUAL',
    )
  );
}

/** Source: istio/istio pilot/pkg/networking/core cluster_tls.go: without automatic mTLS only a DestinationRule encrypts. */
export const strictWithoutAutoMtls: Rule = {
  code: 'ISB0508',
  name: 'peer-authentication-strict-without-auto-mtls',
  title: 'STRICT in a mesh without automatic mTLS, and no DestinationRule',
  severity: 'error',
  explanation:
    'meshConfig.enableAutoMtls is false, so a client sends plaintext unless a DestinationRule says ISTIO_MUTUAL. A STRICT server refuses that.',
  remedy:
    'Turn automatic mTLS on, or add a DestinationRule with tls mode ISTIO_MUTUAL for the namespace’s hosts.',
  equivalents: ['KIA0401', 'KIA0501'],
  subjects: ['PeerAuthentication'],
  inputs: ['DestinationRule', 'Service'],
  reach: 'mesh',
  reachOf: { PeerAuthentication: 'object', Service: 'namespace' },
  check(subject, { snapshot }) {
    const { mode, selector } = readPeerAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    const { autoMtls } = readMeshSecurity(snapshot.meshConfig);
    if (autoMtls || mode !== 'STRICT' || selector) return [];
    const services = (
      namespace === snapshot.rootNamespace
        ? snapshot.list('Service')
        : snapshot.inNamespace('Service', namespace)
    ).filter(
      service =>
        Object.keys(readService(service).selector).length > 0 &&
        !isEncrypted(snapshot, service),
    );
    const names = services
      .map(({ metadata }) => metadata.name)
      .sort()
      .slice(0, 3)
      .join(', ');
    const more = services.length > 3 ? ` and ${services.length - 3} more` : '';
    return services.length === 0
      ? []
      : [
          {
            message: `Automatic mTLS is off and no DestinationRule encrypts calls to ${names}${more}: they are refused.`,
            path: 'spec.mtls.mode',
          },
        ];
  },
};
