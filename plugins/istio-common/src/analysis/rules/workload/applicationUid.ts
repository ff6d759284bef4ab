import { fieldsListOf, fieldsOf } from '../../../resources/fields';
import { PROXY_CONTAINER } from '../../../resources/pod';
import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { hasSidecar, readPodPlace } from './workloadPlaces';

const PROXY_UID = 1337;

/** Source: istio/istio analyzers/deployment/pod.go; tools/istio-iptables exempts this user from redirection. */
export const applicationUid: Rule = {
  code: 'ISB0809',
  name: 'workload-runs-as-proxy-user',
  title: 'An application runs as the user of the sidecar',
  severity: 'warning',
  explanation:
    'Traffic of user 1337 is not redirected to the sidecar, since it is the sidecar that runs under it. The calls of this application leave the pod in plaintext, past every route and policy.',
  remedy: 'Run the application as another user.',
  equivalents: ['IST0144'],
  subjects: [...CONTROLLER_KINDS, 'Pod'],
  inputs: ['Namespace'],
  reach: 'namespace',
  reachOf: {
    Deployment: 'object',
    StatefulSet: 'object',
    DaemonSet: 'object',
    Pod: 'object',
  },
  check(subject, { snapshot }) {
    const place = readPodPlace(subject);
    if (!place) return [];
    const containers = fieldsListOf(place.spec.containers);
    const found = containers.flatMap((container, index) =>
      container.name !== PROXY_CONTAINER && isProxyUser(container)
        ? [`${place.path}.containers[${index}].securityContext.runAsUser`]
        : [],
    );
    const inherits = containers.some(
      ({ name, securityContext }) =>
        name !== PROXY_CONTAINER &&
        fieldsOf(securityContext).runAsUser === undefined,
    );
    if (inherits && isProxyUser(place.spec)) {
      found.push(`${place.path}.securityContext.runAsUser`);
    }
    if (found.length === 0 || !hasSidecar(snapshot, subject)) return [];
    return found.map(path => ({
      message: `User ${PROXY_UID} is the sidecar's: the calls of this application pass it by.`,
      path,
    }));
  },
};

function isProxyUser(part: Readonly<Record<string, unknown>>): boolean {
  return fieldsOf(part.securityContext).runAsUser === PROXY_UID;
}
