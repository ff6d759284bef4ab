import type { Field } from '../Field';

/** `matchLabels` of security policies and DestinationRules. Source: validateWorkloadSelector. */
export function checkWorkloadSelector(selector: Field): void {
  checkSelectorLabels(selector, 'matchLabels');
}

/** `labels` of Sidecars and ServiceEntries. Source: ValidateAlphaWorkloadSelector. */
export function checkAlphaWorkloadSelector(selector: Field): void {
  checkSelectorLabels(selector, 'labels');
}

function checkSelectorLabels(selector: Field, name: string): void {
  if (!selector.isSet) {
    return;
  }
  const entries = selector.at(name).entries();
  for (const [key, value] of entries) {
    if (key === '') {
      selector.at(name).error('must not have an empty label name');
    }
    if (key.includes('*') || value.text().includes('*')) {
      value.error('must not have a wildcard; labels match exactly');
    }
  }
  if (entries.length === 0) {
    selector.warn('has no labels');
  }
}
