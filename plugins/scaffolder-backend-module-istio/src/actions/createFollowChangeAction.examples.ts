import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';
import { SHIFT_REVIEWS } from './exampleIntents';

/** Run by the tests against the demo's world. */
export const followExamples: TemplateExample[] = [
  {
    description: 'Shift traffic and wait until the shares show in traffic',
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
          },
        },
        {
          id: 'wait',
          name: 'Wait for traffic to follow',
          action: 'istio:wait',
          input: {
            changeId: '${{ steps.change.output.changeId }}',
            until: 'verified',
            timeoutSeconds: 600,
          },
        },
      ],
    }),
  },
];
