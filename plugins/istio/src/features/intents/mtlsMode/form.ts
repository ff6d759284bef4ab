import { lazy } from 'react';
import type { IntentForm } from '../types';

export const mtlsModeForm: IntentForm = {
  type: 'mtlsMode',
  title: 'Encryption (mTLS)',
  Dialog: lazy(() =>
    import('./MtlsDialog').then(module => ({
      default: module.MtlsDialog,
    })),
  ),
};
