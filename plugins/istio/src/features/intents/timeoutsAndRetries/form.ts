import { lazy } from 'react';
import type { IntentForm } from '../types';

export const timeoutsAndRetriesForm: IntentForm = {
  type: 'timeoutsAndRetries',
  title: 'Timeouts and retries',
  Dialog: lazy(() =>
    import('./TimeoutsDialog').then(module => ({
      default: module.TimeoutsDialog,
    })),
  ),
};
