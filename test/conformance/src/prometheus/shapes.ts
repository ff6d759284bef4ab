/**
 * What an evaluator must be able to do for the product, see `shapeOf`. A new one here is a new demand on every
 * Prometheus behind the product: look at what older ones and Thanos or Mimir make of it.
 */
export const SHAPES: readonly string[] = [
  '(sum(rate(metric{}[])) or 0 * sum(rate(metric{}[]))) / sum(rate(metric{}[]))',
  '(sum(rate(metric{}[])) or 0 * sum(rate(metric{}[]))) / sum(rate(metric{}[])) or ...',
  'histogram_quantile(0.5, sum by () (rate(metric{}[])))',
  'histogram_quantile(0.5, sum by () (rate(metric{}[]))) or ...',
  'max(timestamp(metric))',
  'sum by () (increase(metric[])) > 0',
  'sum by () (increase(metric{}[]) or increase(metric{}[]) or increase(metric{}[])) > 0',
  'sum(rate(metric{}[]))',
  'sum(rate(metric{}[])) or ...',
];
