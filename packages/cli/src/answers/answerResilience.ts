import {
  ResilienceAnswer,
  ResilienceSetting,
  resolveResilience,
} from '@istio-backstage/plugin-istio-common';
import { nameFlag, parseName, requiredFlag } from '../arguments/readFlags';
import { findWorkload } from '../input/findWorkload';
import { matchServices } from '../input/matchServices';
import { readLabels } from '../input/readLabels';
import { describeBy, toJsonBy, toJsonObject } from './toJson';
import { Answerer } from './types';

/** Timeouts, retries, limits and load balancing of calls to a workload. */
export const answerResilience: Answerer = (snapshot, values) => {
  const to = parseName(requiredFlag(values, 'to'), '--to');
  const workload = findWorkload(snapshot, to, '--to');
  const from = nameFlag(values, 'from');
  const caller = from && findWorkload(snapshot, from, '--from');
  const match = matchServices(snapshot, workload);
  const answer = resolveResilience({
    snapshot,
    match: { ...match, workloads: match.workloads.slice(0, 1) },
    ...(caller
      ? {
          client: {
            namespace: caller.namespace,
            name: caller.name,
            labels: readLabels(snapshot, caller),
          },
        }
      : {}),
  });
  return { json: toJson(answer), text: describe(answer), bad: false };
};

function toJson(answer: ResilienceAnswer): Record<string, unknown> {
  const { client, rateLimitsKnown, caveats } = answer;
  return {
    client,
    routes: answer.routes.map(
      ({ object, fieldPath, settings, faults, ...route }) => ({
        ...route,
        ...(object ? { object: toJsonObject(object), path: fieldPath } : {}),
        settings: settings.map(settingToJson),
        faults: faults.map(({ text, decidedBy }) => ({
          text,
          ...toJsonBy([decidedBy]),
        })),
      }),
    ),
    destinations: answer.destinations.map(({ settings, ...destination }) => ({
      ...destination,
      settings: settings.map(settingToJson),
    })),
    rateLimits: answer.rateLimits.map(({ decidedBy, ...limit }) => ({
      ...limit,
      ...toJsonBy([decidedBy]),
    })),
    rateLimitsKnown,
    otherCallers: answer.otherCallers.map(({ object, text }) => ({
      object: toJsonObject(object),
      text,
    })),
    caveats,
  };
}

function settingToJson({
  decidedBy,
  overruled,
  ...setting
}: ResilienceSetting) {
  return {
    ...setting,
    ...toJsonBy([decidedBy]),
    overruled: overruled.map(each => ({
      why: each.why,
      ...toJsonBy([each.decidedBy]),
    })),
  };
}

function describe(answer: ResilienceAnswer): string {
  const { routes, destinations, rateLimits } = answer;
  return [
    ...routes.flatMap(route => [
      `${route.host}:${route.port}, ${
        route.name ?? route.fieldPath ?? 'the default route'
      }`,
      ...route.settings.flatMap(describeSetting),
      ...route.faults.map(({ text }) => `  fault: ${text}`),
    ]),
    ...destinations.flatMap(({ host, subset, port, settings }) => [
      `to ${host}:${port}${subset ? `, subset ${subset}` : ''}`,
      ...settings.flatMap(describeSetting),
    ]),
    ...rateLimits.map(
      ({ text, detail, decidedBy }) =>
        `rate limit: ${text}${
          detail ? ` (${detail})` : ''
        }, decided by ${describeBy(decidedBy)}`,
    ),
    ...answer.otherCallers.map(({ text }) => `note: ${text}`),
    ...answer.caveats.map(text => `note: ${text}`),
  ].join('\n');
}

function describeSetting(each: ResilienceSetting): string[] {
  const { setting, text, detail, decidedBy, overruled } = each;
  return [
    `  ${setting}: ${text}${detail ? ` (${detail})` : ''}`,
    `    decided by ${describeBy(decidedBy)}`,
    ...overruled.map(
      lost => `    looked at ${describeBy(lost.decidedBy)}: ${lost.why}`,
    ),
  ];
}
