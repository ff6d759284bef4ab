import { lazy } from 'react';
import type { IntentForm } from '../types';

export const shiftTrafficForm: IntentForm = {
  type: 'shiftTraffic',
  title: 'Shift traffic',
  Dialog: lazy(() =>
    import('./ShiftTrafficIntent').then(module => ({
      default: module.ShiftTrafficIntent,
    })),
  ),
};
