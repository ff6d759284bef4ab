import { Suspense, useCallback, useMemo, useState } from 'react';
import type {
  ComponentMesh,
  IntentType,
} from '@istio-backstage/plugin-istio-common';
import { INTENT_FORMS } from './list';
import type { IntentStart, OpenIntent } from './types';

/** Which dialog is open, if any. */
export interface IntentDialogState {
  opened?: { type: IntentType; start: IntentStart };
  open: OpenIntent;
  close(): void;
}

/** State of the dialogs of one tab: at most one is open. */
export function useIntentDialog(): IntentDialogState {
  const [opened, setOpened] = useState<IntentDialogState['opened']>();
  const open = useCallback<OpenIntent>(
    (type, start = {}) => setOpened({ type, start }),
    [],
  );
  const close = useCallback(() => setOpened(undefined), []);
  return useMemo(() => ({ opened, open, close }), [opened, open, close]);
}

/** Loads a dialog when it is first opened. */
export function IntentHost(props: {
  entityRef: string;
  mesh: ComponentMesh;
  state: IntentDialogState;
}) {
  const { entityRef, mesh, state } = props;
  const { opened, close } = state;
  const form = INTENT_FORMS.find(({ type }) => type === opened?.type);
  if (!opened || !form) return null;
  const { Dialog } = form;
  return (
    <Suspense fallback={null}>
      <Dialog
        entityRef={entityRef}
        mesh={mesh}
        start={opened.start}
        onClose={close}
      />
    </Suspense>
  );
}
