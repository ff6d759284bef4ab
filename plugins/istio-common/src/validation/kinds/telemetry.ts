import { parse as parseCel } from '@marcbachmann/cel-js';
import { type Field, quote } from '../Field';
import { checkDurationText } from '../rules/durations';
import { checkPolicyTargets } from '../rules/policyTargets';
import { checkFlags, checkOnlyOne, checkTexts } from '../rules/shapes';
import type { KindValidator } from '../types';

const MODES = ['CLIENT_AND_SERVER', 'CLIENT', 'SERVER'] as const;

const METRICS = [
  'ALL_METRICS',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_OPENED_CONNECTIONS',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_SENT_BYTES',
  'TCP_RECEIVED_BYTES',
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
] as const;

/** Source: istio/istio pkg/config/validation ValidateTelemetry. */
export const validateTelemetry: KindValidator = ({ spec }) => {
  checkPolicyTargets(spec);
  spec.at('metrics').items().forEach(checkMetrics);
  checkTracing(spec.at('tracing'));
  for (const logging of spec.at('accessLogging').items()) {
    checkProviders(logging.at('providers'));
    logging.at('match').at('mode').choice(MODES);
    checkFlags(logging, ['disabled']);
    checkFilter(logging.at('filter'));
  }
};

/** Source: validateTelemetryProviders. */
function checkProviders(providers: Field): void {
  for (const provider of providers.items()) {
    if (provider.at('name').text() === '') {
      provider
        .at('name')
        .error("is required: one of the mesh's extensionProviders");
    }
  }
}

/** Source: validateTelemetryFilter. */
function checkFilter(filter: Field): void {
  if (!filter.isSet) {
    return;
  }
  const field = filter.at('expression');
  const expression = field.text();
  try {
    parseCel(expression);
  } catch {
    field.error(
      `must be an expression of CEL like response.code >= 400, it is ${quote(
        expression,
      )}`,
    );
  }
}

/** Source: validateTelemetryTracing. */
function checkTracing(list: Field): void {
  const items = list.items();
  if (items.length > 1) {
    list.warn('should have one entry; Istio uses the first');
  }
  for (const tracing of items) {
    checkProviders(tracing.at('providers'));
    if (tracing.at('providers').items().length > 1) {
      tracing.at('providers').warn('should name one; Istio uses the first');
    }
    const percentage = tracing.at('randomSamplingPercentage').number();
    if (percentage < 0 || percentage > 100) {
      tracing
        .at('randomSamplingPercentage')
        .error(`must be from 0 to 100, it is ${percentage}`);
    }
    tracing.at('match').at('mode').choice(MODES);
    checkFlags(tracing, [
      'disableSpanReporting',
      'useRequestIdForTraceSampling',
      'enableIstioTags',
      'disableContextPropagation',
    ]);
    for (const [name, tag] of tracing.at('customTags').entries()) {
      if (name === '') {
        tag.error('must have a name');
      }
      checkTag(tag);
    }
  }
}

/** What a tag is made of, and the field without which it would be empty. */
const TAG_VALUES: Readonly<Record<string, string | undefined>> = {
  literal: 'value',
  environment: 'name',
  header: 'name',
  // Envoy judges the format, not the webhook.
  formatter: undefined,
};

function checkTag(tag: Field): void {
  const names = Object.keys(TAG_VALUES);
  checkOnlyOne(tag, names);
  for (const name of names) {
    const source = tag.at(name);
    checkTexts(source, ['name', 'value', 'defaultValue']);
    const required = TAG_VALUES[name];
    if (source.isSet && required && source.at(required).text() === '') {
      source.at(required).error('must not be empty');
    }
  }
}

/** Source: validateTelemetryMetrics. */
function checkMetrics(metrics: Field): void {
  checkProviders(metrics.at('providers'));
  checkDurationText(metrics.at('reportingInterval'));
  for (const override of metrics.at('overrides').items()) {
    const match = override.at('match');
    checkOnlyOne(match, ['metric', 'customMetric']);
    match.at('metric').choice(METRICS);
    match.at('mode').choice(MODES);
    if (
      match.at('customMetric').isSet &&
      match.at('customMetric').text() === ''
    ) {
      match.at('customMetric').error('must not be empty where it is written');
    }
    checkFlags(override, ['disabled']);
    for (const [name, tag] of override.at('tagOverrides').entries()) {
      if (name === '') {
        tag.warn('should have a name');
      }
      checkTagOverride(tag);
    }
  }
}

function checkTagOverride(tag: Field): void {
  const operation = tag.at('operation').choice(['UPSERT', 'REMOVE']);
  const value = tag.at('value').text();
  if (operation === 'UPSERT' && value === '') {
    tag.at('value').error('is required with operation UPSERT');
  }
  if (operation === 'REMOVE' && value !== '') {
    tag.at('value').error('must not stand beside operation REMOVE');
  }
}
