import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';
import { SHIFT_REVIEWS } from './exampleIntents';

/** Run by the tests against the demo's world. */
export const submitExamples: TemplateExample[] = [
  {
    description: 'Send 30 % of the requests of reviews to version 2',
    example: stringify({
      steps: [
        {
          id: 'change',
          name: 'Shift traffic',
          action: 'istio:change',
          input: {
            entityRef: 'component:default/reviews',
            intent: SHIFT_REVIEWS,
            reason: 'Next step of the new version',
            ticket: 'SHOP-214',
          },
        },
      ],
    }),
  },
];
