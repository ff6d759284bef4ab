import { readPod } from '../../resources/pod';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { formatQuantity } from '../../telemetry/format';
import { compareProxyVersion } from './compareProxyVersion';
import { controlPlaneOf, findControlPlanes } from './controlPlanes';
import { ProxyGroup } from './types';

type Group = Omit<ProxyGroup, 'text'> & { minorsBehind?: number };

/** Counts proxies by their version and the control plane they talk to. */
export class ProxyGroups {
  private readonly groups = new Map<string, Group>();
  private readonly planes = new Map<string, number>();

  add(snapshot: MeshSnapshot, pod: KubeObject): void {
    const { proxy, proxyVersion: version, revision } = readPod(pod);
    if (proxy !== 'sidecar' && proxy !== 'gateway') return;
    const { cluster } = snapshot;
    const key = JSON.stringify([cluster, version, revision]);
    const known = this.groups.get(key);
    if (known) {
      known.pods += 1;
      return;
    }
    this.planes.set(cluster, findControlPlanes(snapshot).length);
    const plane = controlPlaneOf(snapshot, revision);
    this.groups.set(key, {
      cluster,
      pods: 1,
      ...(version === undefined ? {} : { version }),
      ...(revision === undefined ? {} : { revision }),
      ...(plane
        ? {
            controlPlane: {
              revision: plane.revision,
              ...(plane.version === undefined
                ? {}
                : { version: plane.version }),
            },
          }
        : {}),
      ...compareProxyVersion(version, plane?.version),
    });
  }

  /** Most pods first. */
  list(): ProxyGroup[] {
    return [...this.groups.values()]
      .sort((a, b) => b.pods - a.pods || (a.cluster < b.cluster ? -1 : 1))
      .map(({ minorsBehind, ...group }) => ({
        ...group,
        text: `${describeProxies(group)}, ${this.compare(group, minorsBehind)}`,
      }));
  }

  private compare(group: Group, minorsBehind = 0): string {
    const { controlPlane, revision, skew, cluster } = group;
    if (!controlPlane) {
      return this.planes.get(cluster)
        ? `revision ${
            revision ?? 'unknown'
          }, which no istiod has: a tag perhaps`
        : 'no control plane in this cluster to compare with';
    }
    const plane = `the control plane ${
      controlPlane.version ?? 'of unknown version'
    } (revision ${controlPlane.revision})`;
    switch (skew) {
      case 'same':
        return `of the same minor version as ${plane}`;
      case 'unknown':
        return `not comparable with ${plane}`;
      default:
        return `${formatQuantity(Math.abs(minorsBehind), 'minor version')} ${
          skew === 'ahead' ? 'ahead of' : 'behind'
        } ${plane}`;
    }
  }
}

function describeProxies({ version, pods, cluster }: Group): string {
  return `proxy ${version ?? 'of unknown version'} in ${formatQuantity(
    pods,
    'pod',
  )} of ${cluster}`;
}
