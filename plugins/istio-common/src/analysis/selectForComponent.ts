import { concernsComponent } from '../entity/concernsComponent';
import type { EntityMatch } from '../entity/types';
import { kindNameOf } from '../resources/kinds';
import type { MeshSnapshot } from '../snapshot/types';
import type { MeshFinding } from './types';

/** The findings about objects that concern a component in one cluster. */
export function selectForComponent(options: {
  match: EntityMatch;
  snapshot: MeshSnapshot;
  findings: readonly MeshFinding[];
}): MeshFinding[] {
  const { match, snapshot, findings } = options;
  return findings.filter(finding => {
    const kind = kindNameOf(finding.object);
    const object =
      kind && snapshot.get(kind, finding.object.namespace, finding.object.name);
    return (
      object !== undefined && concernsComponent(object, { match, snapshot })
    );
  });
}
