import { useApi } from '@backstage/core-plugin-api';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../../api';
import { useChangeAccess } from '../../../data';
import { PreviewSection } from '../preview/PreviewSection';
import { DecisionForm } from './DecisionForm';

/** The way on from a change that stopped half-way, for who may change the component. */
export function RepairChange(props: { change: Change }) {
  const { change } = props;
  const api = useApi(istioApiRef);
  const { offered } = useChangeAccess(change.entityRef);
  if (!offered) return null;
  if (change.state === 'partial') {
    return (
      <PreviewSection title="Finish it" plain>
        <DecisionForm
          hint="Sends what is not in force yet, exactly as it was recorded. Revert takes back the rest instead"
          placeholder="What was in the way is gone"
          actions={[
            {
              verb: 'Finish',
              done: 'Sent.',
              needsReason: true,
              isPrimary: true,
              send: reason => api.finishChange(change.id, { reason }),
            },
          ]}
        />
      </PreviewSection>
    );
  }
  return (
    <PreviewSection title="Close it" plain>
      <DecisionForm
        hint="For who looked at the objects: the record then says what you found, nothing is sent"
        placeholder="Where you looked"
        actions={[
          {
            verb: 'It is in force',
            done: 'Closed.',
            needsReason: true,
            send: reason =>
              api.resolveChange(change.id, { found: 'inForce', reason }),
          },
          {
            verb: 'It is not in force',
            done: 'Closed.',
            needsReason: true,
            send: reason =>
              api.resolveChange(change.id, { found: 'notInForce', reason }),
          },
        ]}
      />
    </PreviewSection>
  );
}
