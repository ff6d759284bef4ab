import { useApi } from '@backstage/core-plugin-api';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../../api';
import { useChangeAccess } from '../../../data';
import { DecisionForm } from '../approvals/DecisionForm';
import { PreviewSection } from '../preview/PreviewSection';

/** For who may change the component: the change stays, and somebody stands for it. */
export function AdoptChange(props: { change: Change }) {
  const { change } = props;
  const api = useApi(istioApiRef);
  const { offered } = useChangeAccess(change.entityRef);
  if (!offered) return null;
  return (
    <PreviewSection title="Adopt it" plain>
      <DecisionForm
        hint={`Says that this is how it is meant to be. Nothing is sent${
          change.revert.possible ? '; Revert takes it back instead' : ''
        }`}
        placeholder="Who agreed to it, and why it stays"
        actions={[
          {
            verb: 'Adopt',
            done: 'Adopted.',
            needsReason: true,
            isPrimary: true,
            send: reason => api.adoptChange(change.id, { reason }),
          },
        ]}
      />
    </PreviewSection>
  );
}
