import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';
import { SHIFT_REVIEWS } from './exampleIntents';

/** Run by the tests against the demo's world. */
export const previewExamples: TemplateExample[] = [
  {
    description: 'Say what a 30 % share for version 2 of reviews would do',
    example: stringify({
      steps: [
        {
          id: 'preview',
          name: 'Preview',
          action: 'istio:preview',
          input: {
            entityRef: 'component:default/reviews',
            intent: SHIFT_REVIEWS,
          },
        },
      ],
    }),
  },
];
