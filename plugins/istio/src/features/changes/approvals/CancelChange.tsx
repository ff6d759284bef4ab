import { useApi } from '@backstage/core-plugin-api';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../../api';
import { useChangeAccess } from '../../../data';
import { PreviewSection } from '../preview/PreviewSection';
import { DecisionForm } from './DecisionForm';

/** Takes back a change that waits; for who may change the component. */
export function CancelChange(props: { change: Change; onDone?: () => void }) {
  const { change, onDone } = props;
  const api = useApi(istioApiRef);
  const { offered } = useChangeAccess(change.entityRef);
  if (!offered) return null;
  return (
    <PreviewSection title="Take it back" plain>
      <DecisionForm
        hint="Nothing of it is in force"
        onDone={onDone}
        placeholder="Why it is not wanted any more"
        actions={[
          {
            verb: 'Cancel change',
            done: 'Cancelled.',
            needsReason: true,
            send: reason => api.cancelChange(change.id, { reason }),
          },
        ]}
      />
    </PreviewSection>
  );
}
