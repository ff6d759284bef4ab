import { sortManifest } from './istioManifest';

const object = (kind: string) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: kind.toLowerCase() },
});

it('leaves out what would run istiod as a Pod and keeps the rest in order', () => {
  const sorted = sortManifest(
    [
      'Deployment',
      'ConfigMap',
      'CustomResourceDefinition',
      'ValidatingWebhookConfiguration',
      'PodDisruptionBudget',
    ].map(object),
  );
  expect(sorted.definitions.map(({ kind }) => kind)).toEqual([
    'CustomResourceDefinition',
  ]);
  expect(sorted.base.map(({ kind }) => kind)).toEqual(['ConfigMap']);
  expect(sorted.webhooks.map(({ kind }) => kind)).toEqual([
    'ValidatingWebhookConfiguration',
  ]);
});
