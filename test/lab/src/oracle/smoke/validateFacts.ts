import { collectFacts, absent } from './fact';
import { ap, http, pa, service, v1, v2, vs } from './worlds';

const { facts, validate } = collectFacts();

/** What istiod's webhook refuses and warns of. */
export const validateFacts = facts;

const ok = { valid: true, errors: [] };
const bad = { valid: false };
validate('valid VirtualService', http(`{route: [${v1}]}`), ok);
validate(
  'total weight 0',
  http(
    '{route: [{destination: {host: a}, weight: 0}, {destination: {host: b}, weight: 0}]}',
  ),
  {
    valid: false,
    errors: ['configuration is invalid: total destination weight = 0'],
  },
);
validate(
  'negative weight',
  http(
    '{route: [{destination: {host: a}, weight: -1}, {destination: {host: b}, weight: 5}]}',
  ),
  bad,
);
validate(
  'VirtualService without hosts or delegate role',
  vs('r', `{gateways: [mesh], http: [{route: [${v1}]}]}`),
  bad,
);
validate(
  'unreachable rule is a warning',
  http(`{route: [${v1}]}, {route: [${v2}]}`),
  {
    valid: true,
    warnings: [
      'virtualService rule #1 not used (only the last rule can have no matches)',
    ],
  },
);
validate(
  'port-level mTLS needs a selector',
  pa('p', '{portLevelMtls: {8080: {mode: STRICT}}}'),
  bad,
);
validate(
  'VirtualService exportTo ~',
  http(`{route: [${v1}]}`, "exportTo: ['~'],"),
  bad,
);
validate('DENY without rules', ap('d', '{action: DENY}'), bad);
validate(
  'retry settings without attempts',
  http(`{route: [${v1}], retries: {perTryTimeout: 1s}}`),
  bad,
);
validate(
  'two verdicts in order; other kinds unsupported',
  service('a') + pa('p', '{mtls: {mode: STRICT}}'),
  { unsupported: true, valid: absent },
  ok,
);
