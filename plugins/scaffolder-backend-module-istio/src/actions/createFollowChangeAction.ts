import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { IstioService } from '@istio-backstage/plugin-istio-node';
import { changeOutputSchema, presentChangeOutput } from './changeOutput';
import { followExamples } from './createFollowChangeAction.examples';
import { followChange } from './followChange';
import type { ScaffolderZod } from './scaffolderSchema';

const DEFAULT_TIMEOUT_SECONDS = 900;
/** The credentials of a template's run do not live for longer. */
const LONGEST_TIMEOUT_SECONDS = 3600;

const FOLLOW_INPUT = {
  changeId: (z: ScaffolderZod) =>
    z
      .string()
      .optional()
      .describe('Id of the change; only a dry run can do without'),
  until: (z: ScaffolderZod) =>
    z
      .enum(['applied', 'verified'])
      .default('verified')
      .describe(
        'applied: the clusters hold the objects; verified: proxies or traffic show them',
      ),
  timeoutSeconds: (z: ScaffolderZod) =>
    z
      .number()
      .int()
      .min(1)
      .max(LONGEST_TIMEOUT_SECONDS)
      .default(DEFAULT_TIMEOUT_SECONDS)
      .describe('After which time the step fails'),
};

/**
 * `istio:wait`: follows a change until it is applied or verified, as the person who runs the
 * template. Fails when it cannot get there, when the time is over or when the task is cancelled.
 *
 * @public
 */
export function createFollowChangeAction(options: {
  istio: IstioService;
  /** Address of the portal. */
  appUrl: string;
}) {
  const { istio, appUrl } = options;
  return createTemplateAction({
    id: 'istio:wait',
    description:
      'Waits until a change to the mesh is applied, or until proxies or traffic show it',
    examples: followExamples,
    supportsDryRun: true,
    schema: {
      input: FOLLOW_INPUT,
      output: changeOutputSchema,
    },
    async handler(ctx) {
      const { changeId, until = 'verified' } = ctx.input;
      if (ctx.isDryRun) {
        ctx.logger.info(`Nothing to wait for: a dry run changes nothing`);
        ctx.output('state', 'previewed');
        return;
      }
      const seconds = ctx.input.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
      const timeout = AbortSignal.timeout(seconds * 1000);
      const change = await followChange({
        api: istio.as(await ctx.getInitiatorCredentials()),
        id: requireId(changeId),
        goal: until,
        signal: ctx.signal ? AbortSignal.any([ctx.signal, timeout]) : timeout,
        onState: ({ title, state, events }) =>
          ctx.logger.info(
            `${title}: ${state}. ${events.at(-1)?.text ?? ''}`.trim(),
          ),
      });
      const output = presentChangeOutput(change, appUrl);
      ctx.output('changeId', output.changeId);
      ctx.output('state', output.state);
      ctx.output('title', output.title);
      ctx.output('changeUrl', output.changeUrl);
    },
  });
}

function requireId(changeId: string | undefined): string {
  if (!changeId) {
    throw new InputError(
      'changeId: must be the id of a change, as `istio:change` puts it out',
    );
  }
  return changeId;
}
