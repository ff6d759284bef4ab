import { fieldsListOf, fieldsOf } from '../../../resources/fields';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';
import { hasDefaultLogging, listProviders } from './providers';
import { isDefaultTelemetry } from './severalDefaults';

/**
 * Source: istio/istio analyzers/telemetry/providers.go; pilot/pkg/model/telemetry.go mergeLogs for what is
 * inherited (1.31).
 */
export const telemetryNoProvider: Rule = {
  code: 'ISB1011',
  name: 'telemetry-logging-without-provider',
  title: 'A Telemetry switches access logs on, but nothing writes them',
  severity: 'warning',
  explanation:
    'The entry names no provider, neither the mesh nor a Telemetry above it has one for access logs, and so it has no effect.',
  remedy: 'Name a provider, as envoy for the log of the proxy container.',
  equivalents: ['IST0157'],
  subjects: ['Telemetry'],
  inputs: [],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { meshConfig } = snapshot;
    if (!meshConfig || hasDefaultLogging(meshConfig)) return [];
    const open = fieldsListOf(fieldsOf(subject.spec).accessLogging).flatMap(
      (entry, index) =>
        entry.disabled === true || fieldsListOf(entry.providers).length > 0
          ? []
          : [index],
    );
    if (open.length === 0 || inheritsProvider(snapshot, subject)) return [];
    return open.map(index => ({
      message:
        'No provider writes these access logs: they are switched on without effect.',
      path: `spec.accessLogging[${index}]`,
      fix: {
        title: 'Write them to the log of the proxy container',
        patch: [
          {
            op: 'add' as const,
            path: `/spec/accessLogging/${index}/providers`,
            value: [{ name: 'envoy' }],
          },
        ],
      },
    }));
  },
};

function inheritsProvider(
  snapshot: MeshSnapshot,
  subject: KubeObject,
): boolean {
  const { namespace = '' } = subject.metadata;
  const above = [
    ...snapshot.inNamespace('Telemetry', snapshot.rootNamespace),
    ...snapshot.inNamespace('Telemetry', namespace),
  ].filter(other => other !== subject && isDefaultTelemetry(other));
  return above.some(other =>
    listProviders(other).some(({ section }) => section === 'accessLogging'),
  );
}
