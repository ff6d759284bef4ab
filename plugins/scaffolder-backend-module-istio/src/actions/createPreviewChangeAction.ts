import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  previewRequestSchema,
  type PreviewRequest,
} from '@istio-backstage/plugin-istio-common';
import type { IstioService } from '@istio-backstage/plugin-istio-node';
import { previewExamples } from './createPreviewChangeAction.examples';
import { fromContract } from './scaffolderSchema';
import { explainRefusal } from './explainRefusal';
import { describePreview, diffOf, textOf } from './describePreview';

/**
 * `istio:preview`: what a change would do, asked as the person who runs the template. Writes nothing.
 *
 * @public
 */
export function createPreviewChangeAction(options: { istio: IstioService }) {
  const { istio } = options;
  return createTemplateAction({
    id: 'istio:preview',
    description:
      'Says what a change to the mesh would do and whether it may be applied, without writing anything',
    examples: previewExamples,
    supportsDryRun: true,
    schema: {
      input: z =>
        fromContract(previewRequestSchema, z.custom<PreviewRequest>()),
      output: {
        title: z => z.string().describe('What would change, in a few words'),
        effect: z => z.string().describe('The effect in one sentence'),
        allowed: z =>
          z.boolean().describe('Whether this person may apply it now'),
        reasons: z =>
          z.array(z.string()).describe('Why not, when it may not be applied'),
        diff: z => z.string().describe('The objects before and after'),
        planHash: z => z.string().describe('Hash of the previewed plan'),
      },
    },
    async handler(ctx) {
      const credentials = await ctx.getInitiatorCredentials();
      const preview = await explainRefusal(
        istio.as(credentials).previewChange(ctx.input, { signal: ctx.signal }),
      );
      describePreview(preview).forEach(line => ctx.logger.info(line));
      ctx.output('title', preview.title);
      ctx.output('effect', textOf(preview.effect));
      ctx.output('allowed', preview.apply.allowed);
      ctx.output('reasons', preview.apply.reasons);
      ctx.output('diff', diffOf(preview));
      ctx.output('planHash', preview.plan.hash);
    },
  });
}
