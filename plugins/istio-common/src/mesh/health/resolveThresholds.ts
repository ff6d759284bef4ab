import { MESH_HEALTH } from '../../entity/annotations';
import type { EntityMatch } from '../../entity/types';
import type { MeshSnapshot } from '../../snapshot/types';
import {
  applyHealthSettings,
  healthSettingsSchema,
  type HealthSettings,
} from './healthSettings';
import type { HealthThresholds } from './types';

/** Thresholds in force for one component. */
export interface EffectiveThresholds {
  thresholds: HealthThresholds;
  /** Annotations that cannot be used and are passed over, in words. */
  problems: string[];
}

/**
 * The portal's configuration, then the annotation of the component's Namespace, then its own: each lays what it
 * sets over the one before. A Namespace that clusters annotate differently counts as the first cluster has it.
 * An annotation that cannot be read changes nothing and is told.
 *
 * @public
 */
export function resolveThresholds(options: {
  configured: HealthThresholds;
  /** `istio-portal.dev/health` of the entity. */
  annotation?: string;
  match: Pick<EntityMatch, 'workloads' | 'services'>;
  snapshots: readonly MeshSnapshot[];
}): EffectiveThresholds {
  const { configured, annotation, match, snapshots } = options;
  const problems: string[] = [];
  let thresholds = configured;
  const lay = (text: string | undefined, where: string) => {
    if (text === undefined) return;
    const read = readSettings(text);
    if ('problem' in read) {
      problems.push(
        `Annotation ${MESH_HEALTH} of ${where} is not used: ${read.problem}`,
      );
      return;
    }
    thresholds = {
      ...applyHealthSettings(thresholds, read.settings),
      setBy: [...(thresholds.setBy ?? []), where],
    };
  };
  for (const name of namespacesOf(match)) {
    lay(annotationOf(name, snapshots), `Namespace ${name}`);
  }
  lay(annotation, 'the component');
  return { thresholds, problems };
}

function namespacesOf(match: Pick<EntityMatch, 'workloads' | 'services'>) {
  const all = [...match.workloads, ...match.services];
  return [...new Set(all.map(({ namespace }) => namespace))].sort();
}

function annotationOf(
  namespace: string,
  snapshots: readonly MeshSnapshot[],
): string | undefined {
  for (const snapshot of snapshots) {
    const text = snapshot.get('Namespace', undefined, namespace)?.metadata
      .annotations?.[MESH_HEALTH];
    if (text !== undefined) return text;
  }
  return undefined;
}

function readSettings(
  text: string,
): { settings: HealthSettings } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {
      problem:
        'it must be JSON such as {"errors":{"degradedPercent":1,"failingPercent":10}}.',
    };
  }
  const parsed = healthSettingsSchema.safeParse(value);
  if (parsed.success) return { settings: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue.path.join('.');
  return { problem: `${path ? `${path}: ` : ''}${issue.message}.` };
}
