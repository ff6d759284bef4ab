import { controlPlaneOf } from '../../../mesh/dataplane/controlPlanes';
import { compareProxyVersion } from '../../../mesh/dataplane/compareProxyVersion';
import { readPod } from '../../../resources/pod';
import type { Rule } from '../../types';

/** Source: istio.io, Supported Releases; analyzers/injection/injection-image.go tells images that differ at all. */
export const proxyTooOld: Rule = {
  code: 'ISB0820',
  name: 'pod-proxy-too-old',
  title: 'A proxy is more than two minor versions older than its control plane',
  severity: 'warning',
  explanation:
    'Istio is tested with proxies that are up to two minor versions behind. Configuration that an older one does not know is left out or refused by it, without a word in the object, and it gets no security fixes.',
  remedy:
    'Restart the workload: its pods are injected with the proxy of the control plane they belong to.',
  equivalents: ['IST0158'],
  subjects: ['Pod'],
  inputs: ['Deployment'],
  reach: 'mesh',
  reachOf: { Pod: 'object' },
  check(subject, { snapshot }) {
    const { gone, proxy, proxyVersion, revision } = readPod(subject);
    const isProxy = proxy === 'sidecar' || proxy === 'gateway';
    if (gone || !isProxy || proxyVersion === undefined) return [];
    const plane = controlPlaneOf(snapshot, revision);
    const { skew, minorsBehind } = compareProxyVersion(
      proxyVersion,
      plane?.version,
    );
    return plane && skew === 'tooFarBehind'
      ? [
          {
            message: `Its proxy ${proxyVersion} is ${minorsBehind} minor versions behind the control plane ${plane.version} (revision ${plane.revision}).`,
            path: 'spec.containers',
          },
        ]
      : [];
  },
};
