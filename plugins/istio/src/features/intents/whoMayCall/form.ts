import { lazy } from 'react';
import type { IntentForm } from '../types';

export const whoMayCallForm: IntentForm = {
  type: 'whoMayCall',
  title: 'Who may call',
  Dialog: lazy(() =>
    import('./CallersDialog').then(module => ({
      default: module.CallersDialog,
    })),
  ),
};
