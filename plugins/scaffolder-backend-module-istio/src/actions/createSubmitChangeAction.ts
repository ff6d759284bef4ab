import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  submitRequestSchema,
  type SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import type { IstioService } from '@istio-backstage/plugin-istio-node';
import { changeOutputSchema, presentChangeOutput } from './changeOutput';
import { submitExamples } from './createSubmitChangeAction.examples';
import { fromContract } from './scaffolderSchema';
import { explainRefusal } from './explainRefusal';
import { describePreview } from './describePreview';

/** What the action itself does not find out. */
const INPUT = submitRequestSchema.omit({
  planHash: true,
  idempotencyKey: true,
});

type Input = Omit<SubmitRequest, 'planHash' | 'idempotencyKey'>;

/**
 * `istio:change`: previews and submits a change as the person who runs the template. Guardrails,
 * permissions, approval and the record are those of a change made by hand.
 *
 * A task that is started again does not submit twice: its checkpoint has the change, and where the
 * answer was lost before that, the key of the submission finds it.
 *
 * @public
 */
export function createSubmitChangeAction(options: {
  istio: IstioService;
  /** Address of the portal. */
  appUrl: string;
}) {
  const { istio, appUrl } = options;
  return createTemplateAction({
    id: 'istio:change',
    description:
      'Submits a change to the mesh as the person who runs the template; a dry run only previews it',
    examples: submitExamples,
    supportsDryRun: true,
    schema: {
      input: z => fromContract(INPUT, z.custom<Input>()),
      output: changeOutputSchema,
    },
    async handler(ctx) {
      const api = istio.as(await ctx.getInitiatorCredentials());
      const call = { signal: ctx.signal };
      const { entityRef, intent } = ctx.input;
      const preview = () =>
        explainRefusal(api.previewChange({ entityRef, intent }, call));
      if (ctx.isDryRun) {
        const previewed = await preview();
        describePreview(previewed).forEach(line => ctx.logger.info(line));
        ctx.output('state', 'previewed');
        ctx.output('title', previewed.title);
        return;
      }
      const step = stepOf(ctx);
      const id = await ctx.checkpoint({
        key: `istio:change:${step}`,
        fn: async () => {
          const previewed = await preview();
          describePreview(previewed).forEach(line => ctx.logger.info(line));
          const submitted = await explainRefusal(
            api.submitChange(
              {
                ...ctx.input,
                planHash: previewed.plan.hash,
                idempotencyKey: `scaffolder:${ctx.task.id}:${step}`,
              },
              call,
            ),
          );
          return submitted.id;
        },
      });
      const output = presentChangeOutput(
        await explainRefusal(api.getChange(id, call)),
        appUrl,
      );
      ctx.logger.info(`${output.title}: ${output.state}, ${output.changeUrl}`);
      ctx.output('changeId', output.changeId);
      ctx.output('state', output.state);
      ctx.output('title', output.title);
      ctx.output('changeUrl', output.changeUrl);
    },
  });
}

/** Tells the steps of a task, and the rounds of one with `each`, from each other. */
function stepOf({
  step,
  each,
}: Pick<ActionContext<never>, 'step' | 'each'>): string {
  const round = each?.key === undefined ? '' : `:${String(each.key)}`;
  return encodeURIComponent(`${step?.id ?? 'step'}${round}`);
}
