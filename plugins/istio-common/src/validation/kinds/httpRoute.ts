import { type Field, quote } from '../Field';
import { checkPort } from '../rules/addresses';
import { checkDuration } from '../rules/durations';
import { checkGatewayNames } from '../rules/gatewayNames';
import {
  checkAuthority,
  checkHeaderOperations,
  checkMatchedHeader,
} from '../rules/headers';
import { checkLabels, isDnsLabel } from '../rules/names';
import { checkStringMatch, checkStringMatchRegex } from '../rules/stringMatch';
import { checkFlags, checkTexts, checkWhole } from '../rules/shapes';
import {
  checkCors,
  checkDirectResponse,
  checkFault,
  checkRedirect,
  checkRetries,
  checkRewrite,
} from './httpRouteActions';
import {
  checkDestination,
  checkWeightedDestinations,
} from './routeDestinations';

/** One entry of `http`. Source: istio/istio pkg/config/validation/virtualservice.go validateHTTPRoute. */
export function checkHttpRoute(
  rule: Field,
  options: { isDelegate: boolean },
): void {
  checkConflicts(rule, options);
  rule.at('match').items().forEach(checkMatch);
  checkHeaderOperations(rule.at('headers'));
  checkCors(rule.at('corsPolicy'));
  checkFault(rule.at('fault'));
  checkMirrors(rule);
  checkRedirect(rule.at('redirect'), rule.at('match'));
  checkDirectResponse(rule.at('directResponse'));
  checkRetries(rule.at('retries'));
  if (rule.at('rewrite').isSet || rule.at('headers').isSet) {
    checkRewrite(rule.at('rewrite'));
    checkAuthority(rule.at('rewrite'), rule.at('headers'));
  }
  for (const entry of rule.at('route').items()) {
    checkHeaderOperations(entry.at('headers'));
  }
  checkWeightedDestinations(rule.at('route'));
  checkDuration(rule.at('timeout'));
}

/** Source: validateHTTPRouteConflict. */
function checkConflicts(rule: Field, options: { isDelegate: boolean }): void {
  const hasRoute = rule.at('route').items().length > 0;
  const has = (name: string) => rule.at(name).isSet;
  checkTexts(rule.at('delegate'), ['name', 'namespace']);
  if (has('delegate') && !options.isDelegate) {
    for (const field of ['redirect', 'route']) {
      if (field === 'route' ? hasRoute : has(field)) {
        rule.at(field).error('must not stand beside delegate');
      }
    }
    return;
  }
  if (has('delegate')) {
    rule.at('delegate').error('a delegate cannot hand over again');
  }
  const action = ['redirect', 'directResponse'].find(has);
  if (action) {
    const others = ['fault', 'rewrite', 'directResponse'].filter(
      other => other !== action && has(other),
    );
    for (const other of [...(hasRoute ? ['route'] : []), ...others]) {
      rule.at(other).error(`must not stand beside ${action}`);
    }
  } else if (!hasRoute) {
    rule.error('must have a route, a redirect or a directResponse');
  }
  if (has('mirror') && rule.at('mirrors').items().length > 0) {
    rule.at('mirror').error('must not stand beside mirrors');
  }
}

/** Source: validateHTTPRouteMatchRequest. */
function checkMatch(match: Field): void {
  if (!match.isSet) {
    return;
  }
  for (const [name, header] of match.at('headers').entries()) {
    checkMatchedHeader(header, name);
    checkStringMatch(header);
  }
  for (const [name, header] of match.at('withoutHeaders').entries()) {
    checkMatchedHeader(header, name);
    if (header.at('regex').text() !== '*') {
      checkStringMatch(header);
    }
  }
  checkStringMatchRegex(match.at('uri'));
  for (const part of ['scheme', 'method', 'authority']) {
    checkStringMatch(match.at(part));
  }
  for (const [, parameter] of match.at('queryParams').entries()) {
    checkStringMatch(parameter);
  }
  checkTexts(match, ['name', 'statPrefix']);
  checkFlags(match, ['ignoreUriCase']);
  if (match.at('port').number() !== 0) {
    checkPort(match.at('port'));
  }
  checkLabels(match.at('sourceLabels'));
  checkGatewayNames(match.at('gateways'));
  const namespace = match.at('sourceNamespace').text();
  if (namespace !== '' && !isDnsLabel(namespace)) {
    match
      .at('sourceNamespace')
      .error(`must be a namespace, it is ${quote(namespace)}`);
  }
}

function checkMirrors(rule: Field): void {
  checkDestination(rule.at('mirror'));
  if (rule.at('mirrorPercent').isSet) {
    if (checkWhole(rule.at('mirrorPercent'), { least: 0 }) > 100) {
      rule.at('mirrorPercent').error('must be at most 100');
    }
    rule
      .at('mirrorPercent')
      .warn('is deprecated, mirrorPercentage replaces it');
  }
  checkMirrorPercentage(rule.at('mirrorPercentage'));
  for (const mirror of rule.at('mirrors').items()) {
    if (!mirror.at('destination').isSet) {
      mirror.at('destination').error('is required');
    } else {
      checkDestination(mirror.at('destination'));
      checkMirrorPercentage(mirror.at('percentage'));
    }
  }
}

function checkMirrorPercentage(percentage: Field): void {
  const value = percentage.at('value').number();
  if (value < 0 || value > 100) {
    percentage.at('value').error(`must be from 0 to 100, it is ${value}`);
  }
}
