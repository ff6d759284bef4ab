import {
  MeshFinding,
  MeshSnapshot,
  objectKey,
} from '@istio-backstage/plugin-istio-common';
import { ReadObjects } from '../input/readObjects';

/**
 * The findings about objects that are written. A pod that stands for its controller's pods is not: what is said
 * of it is said of the controller's template, once. What was only assumed is not spoken of.
 */
export function attribute(
  findings: readonly MeshFinding[],
  given: { snapshot: MeshSnapshot; places: ReadObjects['places'] },
): MeshFinding[] {
  const seen = new Set<string>();
  return findings
    .flatMap(finding =>
      given.places.has(objectKey({ cluster: '', ...finding.object }))
        ? finding
        : toController(finding, given.snapshot),
    )
    .filter(({ code, object, path, message }) => {
      const key = [
        code,
        objectKey({ cluster: '', ...object }),
        path,
        message,
      ].join('\n');
      return !seen.has(key) && seen.add(key);
    });
}

/** Without its fix, which is made for the pod's own fields. */
function toController(
  finding: MeshFinding,
  snapshot: MeshSnapshot,
): MeshFinding[] {
  const { namespace, name, kind } = finding.object;
  const pod = kind === 'Pod' ? snapshot.get('Pod', namespace, name) : undefined;
  const owner = pod?.metadata.ownerReferences?.[0];
  if (!owner) {
    return [];
  }
  const { fix: _, ...rest } = finding;
  const isTemplate = /^(spec|metadata\.(labels|annotations))(?![^.[])/.test(
    finding.path,
  );
  return [
    {
      ...rest,
      object: {
        apiVersion: owner.apiVersion,
        kind: owner.kind,
        ...(namespace === undefined ? {} : { namespace }),
        name: owner.name,
      },
      path: isTemplate ? `spec.template.${finding.path}` : 'spec.template',
    },
  ];
}
