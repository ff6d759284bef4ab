import { fieldsListOf, fieldsOf, textOf } from '../../resources/fields';
import { imageVersion } from '../../resources/pod';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { perLists } from '../route/perLists';

/** One revision of istiod. */
interface ControlPlane {
  revision: string;
  /** Tag of its image without variant, `1.31.0`; undefined where the image has none. */
  version?: string;
  object: KubeObject;
}

const read = perLists((lists): ControlPlane[] =>
  (lists[0] as readonly KubeObject[]).flatMap(object => {
    const { labels = {} } = object.metadata;
    if (labels.app !== 'istiod') return [];
    const template = fieldsOf(fieldsOf(object.spec).template);
    const containers = fieldsListOf(fieldsOf(template.spec).containers);
    const container =
      containers.find(({ name }) => name === 'discovery') ?? containers[0];
    const version = imageVersion(textOf(container?.image));
    return [
      {
        revision: labels['istio.io/rev'] ?? 'default',
        object,
        ...(version === undefined ? {} : { version }),
      },
    ];
  }),
);

/**
 * The revisions of istiod that run in the cluster. None: it is managed from elsewhere, or not read.
 *
 * Source: istio/istio manifests/charts/istio-control/istio-discovery/templates/deployment.yaml (labels app, istio.io/rev).
 */
export function findControlPlanes(
  snapshot: MeshSnapshot,
): readonly ControlPlane[] {
  return read([snapshot.inNamespace('Deployment', snapshot.rootNamespace)]);
}

/**
 * The control plane that a proxy of that revision talks to. A revision that no istiod has may be a tag, which is
 * not among what is read: undefined then, unless there is only one it can be.
 */
export function controlPlaneOf(
  snapshot: MeshSnapshot,
  revision: string | undefined,
): ControlPlane | undefined {
  const all = findControlPlanes(snapshot);
  return (
    all.find(one => one.revision === revision) ??
    (all.length === 1 ? all[0] : undefined)
  );
}
