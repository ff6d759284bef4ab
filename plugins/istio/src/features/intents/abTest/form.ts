import { lazy } from 'react';
import type { IntentForm } from '../types';

export const abTestForm: IntentForm = {
  type: 'abTest',
  title: 'A/B test',
  Dialog: lazy(() =>
    import('./AbTestDialog').then(module => ({
      default: module.AbTestDialog,
    })),
  ),
};
