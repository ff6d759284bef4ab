import {
  buildGoldenSignalQueries,
  buildObservationQueries,
} from '@istio-backstage/plugin-istio-common';

/** Everything in istio-common that makes a query, by name, with what it makes for a range of questions. */
export const BUILDERS: Record<string, () => Record<string, string>[]> = {
  buildObservationQueries: () =>
    [undefined, 'payments', 'q"uote', 'nowhere'].flatMap(namespace =>
      [60, 300].map(seconds => ({
        ...buildObservationQueries({ namespace, seconds }),
      })),
    ),
  buildGoldenSignalQueries: () => {
    const reviews = ['reviews-v1', 'reviews-v2'].map(name => ({
      namespace: 'catalog',
      name,
    }));
    const selections = [
      [],
      [reviews[0]],
      reviews,
      [...reviews, { namespace: 'payments', name: 'payments-v1' }],
      [{ namespace: 'payments', name: 'payments-v2' }],
      [{ namespace: 'q"uote', name: 'back\\slash' }],
      [{ namespace: 'nowhere', name: 'nothing' }],
    ];
    return selections.flatMap(workloads =>
      [60, 120].flatMap(rateSeconds => [
        buildGoldenSignalQueries({ workloads, rateSeconds }),
        buildGoldenSignalQueries({
          workloads,
          rateSeconds,
          reporter: 'source',
        }),
      ]),
    );
  },
};

/** Each different query once, with a name for the report. */
export function productQueries(): { name: string; query: string }[] {
  const found = new Map<string, string>();
  for (const [builder, build] of Object.entries(BUILDERS)) {
    for (const queries of build()) {
      for (const [name, query] of Object.entries(queries)) {
        if (!found.has(query)) found.set(query, `${builder} ${name}`);
      }
    }
  }
  return [...found].map(([query, name]) => ({ name, query }));
}

/** A query with its values, numbers and label lists left out: what an evaluator must be able to do. */
export function shapeOf(query: string): string {
  return (
    query
      .replace(/"(?:[^"\\]|\\.)*"/g, '""')
      .replace(/\[\d+s\]/g, '[]')
      .replace(/by \([^)]*\)/g, 'by ()')
      .replace(/\{[^}]*\}/g, '{}')
      .replace(/\b0\.\d+\b/g, '0.5')
      .replace(/\bistio_\w+/g, 'metric')
      // As many as there are namespaces, or reporters.
      .replace(/(rate\(metric\{\}\[\]\))( or \1)+/g, '$1')
      .replace(/^(.*?)( or \1)+$/, '$1 or ...')
  );
}
