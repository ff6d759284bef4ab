import {
  AuthorizationCaller,
  AuthorizationRequest,
  MeshSnapshot,
  resolveAuthorization,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import { CommandOptions } from '../arguments/options';
import {
  choiceFlag,
  nameFlag,
  pairsFlag,
  parseName,
  portFlag,
  requiredFlag,
  textFlag,
} from '../arguments/readFlags';
import { findWorkload } from '../input/findWorkload';
import { describeDecider, toJsonDeciders } from './toJson';
import { Answerer } from './types';

type Values = CommandOptions['values'];

/** "May A call B?" */
export const answerAuthz: Answerer = (snapshot, values) => {
  const answer = resolveAuthorization({
    snapshot,
    request: readRequest(snapshot, values),
  });
  const { decision, reason, missing, enforcedBy, proven } = answer;
  const decidedBy = toJsonDeciders(answer.decidedBy);
  const considered = answer.considered.map(each => ({
    ...toJsonDeciders([each.policy])[0],
    action: each.action,
    outcome: each.outcome,
    ...(each.dryRun ? { dryRun: true } : {}),
    ...(each.why ? { why: each.why } : {}),
  }));
  return {
    json: {
      decision,
      decidedBy,
      reason,
      ...(missing.length > 0 ? { missing } : {}),
      considered,
      enforcedBy,
      ...(proven ? {} : { proven }),
    },
    text: [
      `${decision}: ${reason}`,
      ...decidedBy.map(each => `  decided by ${describeDecider(each)}`),
      ...missing.map(fact => `  missing: ${fact}`),
      ...answer.considered.map(each => {
        const [policy] = toJsonDeciders([each.policy]);
        const name = `${policy.object.namespace}/${policy.object.name}`;
        const dry = each.dryRun ? ', dry run' : '';
        return `  looked at ${each.action} ${name}${dry}: ${each.outcome}${
          each.why ? ` (${each.why})` : ''
        }`;
      }),
      ...(proven
        ? []
        : [`  not proven against a running data plane (${enforcedBy})`]),
    ].join('\n'),
    bad: decision === 'deny' || decision === 'refused',
  };
};

function readRequest(
  snapshot: MeshSnapshot,
  values: Values,
): AuthorizationRequest {
  const to = parseName(requiredFlag(values, 'to'), '--to');
  const port = portFlag(values, 'port');
  if (port === undefined) {
    throw new BadInput('--port is required: a container port of --to');
  }
  const request: AuthorizationRequest = {
    from: readCaller(snapshot, values),
    to: { workload: findWorkload(snapshot, to, '--to'), port },
    headers: Object.fromEntries(pairsFlag(values, 'header')),
  };
  for (const field of ['method', 'path', 'host'] as const) {
    const value = textFlag(values, field);
    if (value !== undefined) {
      request[field] = value;
    }
  }
  if (textFlag(values, 'protocol') !== undefined) {
    request.protocol = choiceFlag(values, 'protocol', ['http', 'tcp']);
  }
  const claims = pairsFlag(values, 'claim');
  return claims.length > 0
    ? { ...request, token: { claims: readClaims(claims) } }
    : request;
}

function readCaller(
  snapshot: MeshSnapshot,
  values: Values,
): AuthorizationCaller {
  const account = nameFlag(values, 'from');
  const ip = textFlag(values, 'from-ip');
  const workload = nameFlag(values, 'from-workload');
  if (!account && ip === undefined && !workload) {
    throw new BadInput(
      '--from, --from-ip or --from-workload is required: who calls',
    );
  }
  return {
    ...(account
      ? { namespace: account.namespace, serviceAccount: account.name }
      : {}),
    ...(ip === undefined ? {} : { ip }),
    ...(workload
      ? { workload: findWorkload(snapshot, workload, '--from-workload') }
      : {}),
  };
}

/** A claim given twice is a list; one that is written as JSON is read as such. */
function readClaims(
  pairs: readonly (readonly [string, string])[],
): Record<string, unknown> {
  const claims = new Map<string, unknown[]>();
  for (const [name, text] of pairs) {
    claims.set(name, [...(claims.get(name) ?? []), readValue(text)]);
  }
  return Object.fromEntries(
    [...claims].map(([name, list]) => [name, list.length > 1 ? list : list[0]]),
  );
}

function readValue(text: string): unknown {
  if (!/^[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
