import {
  decidesAccess,
  losesAccess,
  mayLoseAccess,
  nameCaller,
} from '../../changes/access/assessAccess';
import { STRICT_UNPROVEN } from '../../changes/access/findUnseen';
import type { AffectedCaller } from '../../changes/types';
import { formatList } from '../../telemetry/format';
import type { Policy, PolicyInput } from '../types';

/**
 * Who was seen calling is not cut off by one person alone, whether a rule names others or a port takes
 * encrypted connections only; nor where too little was seen to tell. The second person is of the
 * component's own team, of a team that is cut off, or of the platform: whoever owns a component may
 * close it, but not unseen.
 */
export const refusedCallers: Policy = {
  id: 'refused-callers',
  description: 'Callers that are seen are cut off only with approval',
  version: 1,
  evaluate(input) {
    const { plan, assessment } = input;
    // Files come without traffic: there is nobody of whom anything could be said.
    if (!decidesAccess(plan) || assessment.findings === undefined) {
      return [];
    }
    const lost = assessment.callers.filter(losesAccess);
    const unproven = assessment.findings.added.filter(
      ({ code }) => code === STRICT_UNPROVEN,
    );
    const texts = [
      ...told(
        lost.filter(caller => !mayLoseAccess(caller)),
        'would be refused',
      ),
      ...told(lost.filter(mayLoseAccess), 'may be refused'),
      ...unproven.map(({ text }) => text),
    ];
    if (texts.length > 0) {
      return texts.map(text => ({
        policy: this.id,
        verdict: 'needsApproval',
        text,
        approvers: [approversOf(lost, input)],
      }));
    }
    return [
      assessment.observedSeconds > 0
        ? {
            policy: this.id,
            verdict: 'pass',
            text: 'Nobody who was seen calling is refused',
          }
        : {
            policy: this.id,
            verdict: 'unknown',
            text: 'No traffic was measured, so nobody can tell who would be refused',
          },
    ];
  },
};

function approversOf(
  lost: readonly AffectedCaller[],
  { match, settings }: PolicyInput,
): string[] {
  const own = match.claim?.ownerRef;
  return [
    ...new Set([
      ...(own ? [own] : []),
      ...lost.flatMap(({ ownerRef }) => ownerRef ?? []),
      ...settings.platformTeams,
    ]),
  ];
}

function told(callers: readonly AffectedCaller[], fate: string): string[] {
  const were = callers.length === 1 ? 'was' : 'were';
  return callers.length > 0
    ? [`${listed(callers)} ${were} seen calling and ${fate}`]
    : [];
}

function listed(callers: readonly AffectedCaller[]): string {
  const names = [...new Set(callers.map(nameCaller))];
  return names.length > 3
    ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
    : formatList(names);
}
