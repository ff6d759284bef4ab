import {
  createTranslationRef,
  useTranslationRef,
  type TranslationFunction,
} from '@backstage/core-plugin-api/alpha';

/**
 * Labels of this plugin. Sentences about a mesh are not here: they come from the core with their
 * numbers.
 *
 * @public
 */
export const istioTranslationRef = createTranslationRef({
  id: 'plugin.istio',
  messages: {
    views: {
      label: 'Mesh views',
      overview: 'Overview',
      traffic: 'Traffic',
      changes: 'Changes',
    },
    toolbar: {
      window: 'Window',
      clusters: 'Clusters',
      allClusters: 'All {{total}} clusters',
      actions: 'Actions',
      shiftTraffic: 'Shift traffic',
    },
    cards: {
      health: 'Health',
      split: 'Traffic split',
      encryption: 'Encryption',
      neighbours: 'Neighbours',
      recentChanges: 'Recent changes',
      routes: 'Routes',
      versions: 'Versions',
    },
    facts: {
      dataPlane: 'Data plane',
      clusters: 'Clusters',
      metrics: 'Metrics',
    },
    split: { configured: 'Configured', observed: 'Observed' },
    list: {
      search: 'Search components',
      owner: 'Owner',
      namespace: 'Namespace',
      cluster: 'Cluster',
      status: 'Status',
      all: 'All',
    },
  },
});

/**
 * Labels in the portal's language. The type is named because an inferred one is written out key by
 * key in the declaration, which takes the compiler minutes and gigabytes.
 */
export function useLabels(): TranslationFunction<typeof istioTranslationRef.T> {
  return useTranslationRef(istioTranslationRef).t;
}
