import { Checkbox } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { istioChangeBreakGlassPermission } from '@istio-backstage/plugin-istio-common';
import { Note } from '../../../components';
import type { Justification } from './JustificationFields';

/** The way past approval and freezes; only who may go it sees it. */
export function EmergencyField(props: {
  entityRef: string;
  value: Justification;
  onChange: (value: Justification) => void;
}) {
  const { entityRef, value, onChange } = props;
  const { allowed } = usePermission({
    permission: istioChangeBreakGlassPermission,
    resourceRef: entityRef,
  });
  if (!allowed) return null;
  return (
    <div>
      <Checkbox
        isSelected={value.breakGlass === true}
        onChange={breakGlass => onChange({ ...value, breakGlass })}
      >
        Emergency: without approval, also in a freeze
      </Checkbox>
      {value.breakGlass && (
        <Note tone="warn">
          It stands in the log as an emergency, and somebody else has to review
          it afterwards.
        </Note>
      )}
    </div>
  );
}
