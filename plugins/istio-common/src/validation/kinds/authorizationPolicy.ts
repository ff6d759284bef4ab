import type { Field } from '../Field';
import {
  checkCondition,
  checkIpBlocks,
  checkNotEmpty,
  checkPathTemplates,
  checkPortTexts,
  checkServiceAccounts,
  checkTrustDomains,
} from '../rules/authorizationValues';
import { checkPolicyTargets } from '../rules/policyTargets';
import type { KindValidator } from '../types';

const ACTIONS = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'] as const;

const SOURCE_FIELDS = [
  'principals',
  'requestPrincipals',
  'namespaces',
  'ipBlocks',
  'remoteIpBlocks',
  'notPrincipals',
  'notRequestPrincipals',
  'notNamespaces',
  'notIpBlocks',
  'notRemoteIpBlocks',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
];

/** What each of them holds. */
const SOURCE_CHECKS = SOURCE_FIELDS.map(name => {
  if (/ipBlocks/i.test(name)) return [name, checkIpBlocks] as const;
  if (/serviceAccounts/i.test(name))
    return [name, checkServiceAccounts] as const;
  if (/trustDomains/i.test(name)) return [name, checkTrustDomains] as const;
  return [name, checkNotEmpty] as const;
});

/** Fields of a source that a TCP connection has too. Trust domains count as such for a connection, not for this check. */
const TCP_SOURCE_FIELDS = SOURCE_FIELDS.filter(
  name => !/requestPrincipals|trustDomains/i.test(name),
);
const OPERATION_FIELDS = [
  'ports',
  'methods',
  'paths',
  'hosts',
  'notPorts',
  'notMethods',
  'notPaths',
  'notHosts',
];

/** Source: istio/istio pkg/config/validation ValidateAuthorizationPolicy. */
export const validateAuthorizationPolicy: KindValidator = ({ spec }) => {
  const action = spec.at('action').choice(ACTIONS);
  checkPolicyTargets(spec);
  const rules = spec.at('rules').items();
  if ((action === 'CUSTOM' || action === 'DENY') && rules.length === 0) {
    spec
      .at('rules')
      .error(
        `must have a rule with action ${action}, or nothing is ever matched; [{}] matches everything`,
      );
  }
  const provider = spec.at('provider');
  if (action === 'CUSTOM') {
    if (rules.length > 0 && provider.at('name').text() === '') {
      provider.at('name').error('is required for CUSTOM');
    }
    rules.forEach(checkCustomRule);
  } else if (provider.isSet) {
    provider.error(`must not stand beside action ${action}`);
  }
  for (const rule of rules) {
    checkRule(rule, action);
  }
};

/** Who calls is not asked of an external provider. */
function checkCustomRule(rule: Field): void {
  const identity = SOURCE_FIELDS.filter(name => !/ipBlocks/i.test(name));
  for (const from of rule.at('from').items()) {
    for (const name of identity) {
      const field = from.at('source').at(name);
      if (field.items().length > 0) {
        field.error('is not supported with CUSTOM');
      }
    }
  }
  for (const condition of rule.at('when').items()) {
    const key = condition.at('key').text();
    const unsupported =
      [
        'source.namespace',
        'source.serviceAccount',
        'source.trustDomain',
        'source.principal',
      ].includes(key) || key.startsWith('request.auth.');
    if (unsupported) {
      condition.at('key').error(`${key} is not supported with CUSTOM`);
    }
  }
}

function checkRule(rule: Field, action: string): void {
  const hasAny = (field: Field, names: string[]) =>
    names.some(name => field.at(name).items().length > 0);
  let tcpFrom = false;
  let tcpTo = false;
  const sources = rule.at('from').items();
  for (const from of sources) {
    const source = from.at('source');
    if (!source.isSet || !hasAny(source, SOURCE_FIELDS)) {
      source.error('must not be empty');
    } else {
      checkSource(source);
      tcpFrom = tcpFrom || hasAny(source, TCP_SOURCE_FIELDS);
    }
  }
  const operations = rule.at('to').items();
  for (const to of operations) {
    const operation = to.at('operation');
    if (!operation.isSet || !hasAny(operation, OPERATION_FIELDS)) {
      operation.error('must not be empty');
    } else {
      checkOperation(operation);
      tcpTo = tcpTo || hasAny(operation, ['ports', 'notPorts']);
    }
  }
  rule.at('when').items().forEach(checkCondition);
  const onlyHttp =
    (sources.length > 0 && operations.length === 0 && !tcpFrom) ||
    (operations.length > 0 && !tcpTo);
  if (action === 'DENY' && onlyHttp) {
    rule.warn(
      'asks only about HTTP; on TCP ports a DENY rule then refuses everything, so name the ports',
    );
  }
}

function checkSource(source: Field): void {
  const filled = (name: string) => source.at(name).items().length > 0;
  if (
    ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'].some(
      filled,
    ) &&
    ['serviceAccounts', 'notServiceAccounts'].some(filled)
  ) {
    source.error(
      'must not name serviceAccounts beside principals or namespaces',
    );
  }
  for (const [name, check] of SOURCE_CHECKS) {
    check(source.at(name));
  }
}

function checkOperation(operation: Field): void {
  for (const name of OPERATION_FIELDS) {
    checkNotEmpty(operation.at(name));
  }
  for (const name of ['ports', 'notPorts']) {
    checkPortTexts(operation.at(name));
  }
  for (const name of ['paths', 'notPaths']) {
    checkPathTemplates(operation.at(name));
  }
}
