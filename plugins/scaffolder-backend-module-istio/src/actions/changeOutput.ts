import type { Change } from '@istio-backstage/plugin-istio-common';
import type { Field } from './scaffolderSchema';

/** What `istio:change` and `istio:wait` hand on to later steps and to the template's links. */
export const changeOutputSchema: Record<
  'changeId' | 'state' | 'title' | 'changeUrl',
  Field
> = {
  changeId: z =>
    z.string().describe('Id of the change; absent in a dry run').optional(),
  state: z =>
    z.string().describe('State of the change, or previewed in a dry run'),
  title: z => z.string().describe('What changes, in a few words'),
  changeUrl: z =>
    z
      .string()
      .describe('Address of the change in the portal; absent in a dry run')
      .optional(),
};

/** {@link changeOutputSchema} of a recorded change. */
export function presentChangeOutput(change: Change, appUrl: string) {
  const { id, state, title } = change;
  return { changeId: id, state, title, changeUrl: changeUrl(change, appUrl) };
}

/** The change in the Changes view of its component, below the portal's standard entity page. */
function changeUrl({ id, entityRef }: Change, appUrl: string): string {
  const [kind, path] = entityRef.split(':');
  const [namespace, name] = path.split('/');
  const entity = [namespace, kind, name].map(encodeURIComponent).join('/');
  return `${appUrl.replace(
    /\/+$/,
    '',
  )}/catalog/${entity}/mesh/changes?change=${encodeURIComponent(id)}`;
}
