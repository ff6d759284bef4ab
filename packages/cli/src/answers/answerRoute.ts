import {
  MeshSnapshot,
  resolveRoute,
  RouteAnswer,
  RouteRequest,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import { CommandOptions } from '../arguments/options';
import {
  choiceFlag,
  nameFlag,
  pairsFlag,
  portFlag,
  requiredFlag,
  textFlag,
} from '../arguments/readFlags';
import { findWorkload } from '../input/findWorkload';
import {
  describeDecider,
  describeDefaults,
  toJsonDeciders,
  toJsonObject,
} from './toJson';
import { Answerer } from './types';

type Values = CommandOptions['values'];

/** Where a request goes. */
export const answerRoute: Answerer = (snapshot, values) => {
  const answer = resolveRoute({
    snapshot,
    request: readRequest(snapshot, values),
  });
  return {
    json: toJson(answer),
    text: describe(answer),
    bad: answer.outcome === 'refused',
  };
};

function readRequest(snapshot: MeshSnapshot, values: Values): RouteRequest {
  const port = portFlag(values, 'port');
  if (port === undefined) {
    throw new BadInput('--port is required: the port that is called');
  }
  const request: RouteRequest = {
    from: readCaller(snapshot, values),
    host: requiredFlag(values, 'host'),
    port,
    headers: Object.fromEntries(pairsFlag(values, 'header')),
  };
  for (const field of ['method', 'path'] as const) {
    const value = textFlag(values, field);
    if (value !== undefined) {
      request[field] = value;
    }
  }
  if (textFlag(values, 'protocol') !== undefined) {
    request.protocol = choiceFlag(values, 'protocol', [
      'http',
      'http2',
      'grpc',
      'tcp',
    ]);
  }
  return request;
}

function readCaller(
  snapshot: MeshSnapshot,
  values: Values,
): RouteRequest['from'] {
  const workload = nameFlag(values, 'from');
  const gateway = nameFlag(values, 'gateway');
  if (Boolean(workload) === Boolean(gateway)) {
    throw new BadInput('--from or --gateway is required, and only one of them');
  }
  if (gateway) {
    return { kind: 'gateway', ...gateway };
  }
  const { namespace, name } = findWorkload(snapshot, workload!, '--from');
  return { kind: 'workload', namespace, name };
}

function toJson(answer: RouteAnswer): Record<string, unknown> {
  const { rule, decidedBy, considered, unreachable, shadowed, ...rest } =
    answer;
  const defaults = describeDefaults(decidedBy);
  return {
    ...rest,
    ...(rule ? { rule: { ...rule, object: toJsonObject(rule.object) } } : {}),
    decidedBy: toJsonDeciders(decidedBy),
    ...(defaults.length > 0 ? { defaults } : {}),
    considered: considered.map(withPlainObject),
    unreachable: unreachable.map(withPlainObject),
    shadowed: shadowed.map(withPlainObject),
  };
}

function withPlainObject<
  T extends { object: RouteAnswer['considered'][0]['object'] },
>(entry: T) {
  return { ...entry, object: toJsonObject(entry.object) };
}

function describe(answer: RouteAnswer): string {
  const { outcome, reason, destinations, decidedBy } = answer;
  const settings = (
    [
      'timeout',
      'retries',
      'fault',
      'rewrite',
      'redirect',
      'directResponse',
    ] as const
  )
    .filter(name => answer[name] !== undefined)
    .map(name => `  ${name}: ${JSON.stringify(answer[name])}`);
  const target = (each: (typeof destinations)[0]) =>
    `${each.host}:${each.port}${each.subset ? `, subset ${each.subset}` : ''}`;
  return [
    `${outcome}${reason ? `: ${reason}` : ''}`,
    ...destinations.map(
      each =>
        `  ${each.percent}% to ${target(each)}${
          each.problem ? ` (${each.problem.text})` : ''
        }`,
    ),
    ...(answer.mirrors ?? (answer.mirror ? [answer.mirror] : [])).map(
      each => `  mirrors ${each.percent}% to ${target(each)}`,
    ),
    ...settings,
    ...toJsonDeciders(decidedBy).map(
      each => `  decided by ${describeDecider(each)}`,
    ),
    ...describeDefaults(decidedBy).map(each => `  decided by ${each}`),
    ...answer.considered.map(
      ({ object, path, text }) =>
        `  looked at ${describeDecider({
          object: toJsonObject(object),
          path,
        })}: ${text}`,
    ),
    ...answer.caveats.map(text => `  note: ${text}`),
  ].join('\n');
}
