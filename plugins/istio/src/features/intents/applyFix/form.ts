import { lazy } from 'react';
import type { IntentForm } from '../types';

export const applyFixForm: IntentForm = {
  type: 'applyFix',
  title: 'Mend a finding',
  startsElsewhere: true,
  Dialog: lazy(() =>
    import('./FixDialog').then(module => ({ default: module.FixDialog })),
  ),
};
