import { type Field, quote } from '../Field';
import { checkPort } from '../rules/addresses';
import { checkHost, isDnsLabel } from '../rules/names';
import { checkWhole } from '../rules/shapes';

/**
 * Destinations with weights: none negative, and not all 0 where there are several.
 *
 * Source: validateHTTPRouteDestinations, validateRouteDestinations.
 */
export function checkWeightedDestinations(list: Field): void {
  const entries = list.items();
  let total = 0;
  for (const entry of entries) {
    const weight = checkWhole(entry.at('weight'));
    if (weight < 0) {
      entry.at('weight').error(`must not be negative, it is ${weight}`);
    }
    total += weight;
    if (!entry.at('destination').isSet) {
      entry.at('destination').error('is required');
    }
    checkDestination(entry.at('destination'));
  }
  if (entries.length > 1 && total === 0) {
    list.error('the weights of several destinations must not all be 0');
  }
}

/** Source: validateDestination. */
export function checkDestination(destination: Field): void {
  if (!destination.isSet) {
    return;
  }
  const host = destination.at('host');
  if (host.text() === '*') {
    host.error('must name a host, not "*"');
  } else {
    checkHost(host);
  }
  const subset = destination.at('subset').text();
  if (subset !== '') {
    checkSubsetName(destination.at('subset'));
  }
  if (destination.at('port').isSet) {
    checkPort(destination.at('port').at('number'));
  }
}

/** Source: validateSubsetName. */
export function checkSubsetName(field: Field): void {
  const name = field.text();
  if (name === '') {
    field.error('must not be empty');
  } else if (!isDnsLabel(name)) {
    field.error(`must be letters, digits and "-", it is ${quote(name)}`);
  }
}
