import type { Sentence } from '../../mesh/health/types';
import { formatDuration, formatList, formatRate } from '../../telemetry/format';
import type { AffectedCaller } from '../types';
import {
  gainsAccess,
  losesAccess,
  mayLoseAccess,
  nameCaller,
} from './assessAccess';

/** Callers told by name before they are only counted. */
const TOLD = 3;

/** "2 of 5 callers seen in 1 d would be refused: …. None would be let in anew." */
export function describeAccess(options: {
  callers: readonly AffectedCaller[];
  observedSeconds: number;
  /** The same, if policies on trial were enforced. */
  enforced?: readonly AffectedCaller[];
}): Sentence {
  const { callers, observedSeconds, enforced } = options;
  if (enforced) {
    return [
      { text: 'On trial nobody is refused. Once enforced: ' },
      ...describeAccess({ callers: enforced, observedSeconds }),
    ];
  }
  if (callers.length === 0) {
    return [
      {
        text:
          observedSeconds === 0
            ? 'No traffic was measured, so nobody can tell who would be refused.'
            : `Nobody was seen calling in ${formatDuration(
                observedSeconds,
              )}, so nobody can tell who would be refused.`,
      },
    ];
  }
  const unsure = callers.filter(mayLoseAccess);
  const lost = callers.filter(
    caller => losesAccess(caller) && !mayLoseAccess(caller),
  );
  const gained = callers.filter(gainsAccess);
  const seen = `${callers.length} ${
    callers.length === 1 ? 'caller' : 'callers'
  } seen in ${formatDuration(observedSeconds)}`;
  return [
    {
      text: [
        ...(lost.length > 0
          ? [`${lost.length} of ${seen} would be refused: ${listed(lost)}.`]
          : []),
        ...(unsure.length > 0
          ? [`${unsure.length} of ${seen} may be refused: ${listed(unsure)}.`]
          : []),
        ...(lost.length + unsure.length === 0
          ? [`None of ${seen} would be refused that is let in now.`]
          : []),
        ...(gained.length > 0
          ? [`Would be let in anew: ${listed(gained)}.`]
          : []),
      ].join(' '),
    },
  ];
}

function listed(callers: readonly AffectedCaller[]): string {
  const told = callers
    .slice(0, TOLD)
    .map(
      caller =>
        `${nameCaller(caller)} (${formatRate(
          caller.requestsPerSecond,
        )} per second)`,
    );
  const more = callers.length - told.length;
  return formatList([...told, ...(more > 0 ? [`${more} more`] : [])]);
}
