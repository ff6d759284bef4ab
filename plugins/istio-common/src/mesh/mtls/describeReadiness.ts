import {
  formatCount,
  formatDuration,
  formatList,
  formatQuantity,
  formatShare,
} from '../../telemetry/format';
import { StrictReadiness } from './strictReadiness';

/** Names in a sentence; more are counted. */
const NAMED = 3;

/** The verdict in words, with the numbers it rests on. */
export function describeReadiness(
  of: Omit<StrictReadiness, 'sentence'>,
): string {
  switch (of.verdict) {
    case 'notReady':
      return describeNotReady(of);
    case 'ready':
      return `Ready: ${describeTraffic(of)}, ${
        of.observed.plaintext > 0
          ? 'none without encryption to a port that changes'
          : 'all encrypted'
      }.${describeOpen(of)}`;
    case 'strict':
      return `Strict already: ${formatQuantity(of.ports.strict, 'port')} ${
        of.ports.strict === 1 ? 'accepts' : 'accept'
      } encrypted calls only.${describeOpen(of)}`;
    case 'notEnoughTraffic':
      return describeTooLittle(of);
    case 'unknown':
      return `Unknown: ${of.unknown.join('; ')}.`;
    default:
      return 'Nothing to make strict: no port stands behind a proxy that could refuse plaintext.';
  }
}

function describeNotReady(of: Omit<StrictReadiness, 'sentence'>): string {
  const names = new Set(
    of.breaks.map(({ namespace, workload }) => `${namespace}/${workload}`),
  );
  const who = [
    ...(names.size > 0 ? [formatQuantity(names.size, 'caller')] : []),
    ...(of.probes.length > 0
      ? [formatQuantity(of.probes.length, 'kubelet probe')]
      : []),
  ];
  const { total, plaintext, unit } = of.observed;
  const share =
    total > 0
      ? ` ${formatCount(plaintext)} of ${formatCount(
          total,
        )} ${unit} (${formatShare(plaintext / total)}) in ${formatDuration(
          of.windowSeconds,
        )} came without encryption.`
      : '';
  return `Not ready: ${formatList(who)} would break.${share}`;
}

function describeTraffic(of: Omit<StrictReadiness, 'sentence'>): string {
  const { total, unit } = of.observed;
  return `${formatCount(total)} ${unit} in ${formatDuration(of.windowSeconds)}`;
}

function describeTooLittle(of: Omit<StrictReadiness, 'sentence'>): string {
  const unseen = [
    ...new Set(
      of.unseen.map(({ namespace, workload }) => `${namespace}/${workload}`),
    ),
  ];
  if (unseen.length === 0) {
    return `Not enough traffic to say: ${formatDuration(
      of.windowSeconds,
    )} prove nothing about callers that come more rarely.`;
  }
  const more = unseen.length - NAMED;
  const named = unseen.slice(0, NAMED);
  return `Not enough traffic to say: in ${formatDuration(
    of.windowSeconds,
  )} nobody called ${formatList(
    more > 0 ? [...named, `${more} more`] : named,
  )}.`;
}

function describeOpen(of: Omit<StrictReadiness, 'sentence'>): string {
  return of.ports.open > 0
    ? ` ${formatQuantity(of.ports.open, 'port')} would stay open.`
    : '';
}
