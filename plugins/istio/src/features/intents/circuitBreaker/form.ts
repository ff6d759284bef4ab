import { lazy } from 'react';
import type { IntentForm } from '../types';

export const circuitBreakerForm: IntentForm = {
  type: 'circuitBreaker',
  title: 'Circuit breaker',
  Dialog: lazy(() =>
    import('./BreakerDialog').then(module => ({
      default: module.BreakerDialog,
    })),
  ),
};
