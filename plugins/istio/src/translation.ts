import {
  createTranslationRef,
  useTranslationRef,
  type TranslationFunction,
  type TranslationRef,
} from '@backstage/core-plugin-api/alpha';

/** Flat, so that the type of the reference is written in this order, whatever the compiler read first. */
const messages = {
  'views.label': 'Mesh views',
  'views.overview': 'Overview',
  'views.traffic': 'Traffic',
  'views.security': 'Security',
  'views.findings': 'Findings',
  'views.changes': 'Changes',
  'toolbar.window': 'Window',
  'toolbar.clusters': 'Clusters',
  'toolbar.allClusters': 'All {{total}} clusters',
  'toolbar.actions': 'Actions',
  'toolbar.shiftTraffic': 'Shift traffic',
  'cards.health': 'Health',
  'cards.split': 'Traffic split',
  'cards.encryption': 'Encryption',
  'cards.neighbours': 'Neighbours',
  'cards.recentChanges': 'Recent changes',
  'cards.findings': 'Findings',
  'cards.routes': 'Routes',
  'cards.versions': 'Versions',
  'cards.readiness': 'Can this go strict?',
  'cards.ports': 'Encryption per port',
  'cards.ask': 'Can A call B?',
  'cards.callers': 'Who calls {{name}}',
  'cards.request': 'Where would this request go?',
  'cards.resilience': 'Resilience in force',
  'cards.exposure': 'Outside the cluster',
  'facts.dataPlane': 'Data plane',
  'facts.clusters': 'Clusters',
  'facts.metrics': 'Metrics',
  'split.configured': 'Configured',
  'split.byPods': 'By pods',
  'split.observed': 'Observed',
  'page.label': 'Mesh page',
  'page.components': 'Components',
  'page.findings': 'Findings',
  'page.posture': 'Security posture',
  'page.approvals': 'Approvals',
  'page.audit': 'Audit',
  'page.changes': 'Changes',
  'list.search': 'Search components',
  'list.searchFindings': 'Search findings',
  'list.searchNamespaces': 'Search namespaces',
  'list.severity': 'Severity',
  'list.code': 'Rule',
  'list.kind': 'Kind',
  'list.owner': 'Owner',
  'list.searchAudit': 'Search the log',
  'list.namespace': 'Namespace',
  'list.cluster': 'Cluster',
  'list.status': 'Status',
  'list.all': 'All',
} as const;

/**
 * Labels of this plugin. Sentences about a mesh are not here: they come from the core with their
 * numbers.
 *
 * @public
 */
export const istioTranslationRef: TranslationRef<
  'plugin.istio',
  typeof messages
> = createTranslationRef({ id: 'plugin.istio', messages });

/**
 * Labels in the portal's language. The type is named because an inferred one is written out key by
 * key in the declaration, which takes the compiler minutes and gigabytes.
 */
export function useLabels(): TranslationFunction<typeof istioTranslationRef.T> {
  return useTranslationRef(istioTranslationRef).t;
}
