import type {
  GuardrailVerdict,
  Severity,
} from '@istio-backstage/plugin-istio-common';
import type { PlacedFinding } from '../findings/types';

/** What stops a change in the portal is an error here; what nobody could judge is not passed over. */
const SEVERITIES: Record<GuardrailVerdict['verdict'], Severity | undefined> = {
  pass: undefined,
  warn: 'warning',
  unknown: 'warning',
  needsApproval: 'error',
  deny: 'error',
};

/** Everything but what passes, worst first. */
export function toFindings(
  verdicts: readonly GuardrailVerdict[],
): PlacedFinding[] {
  const findings = verdicts.flatMap(
    ({ policy, verdict, text, object, path = '' }) => {
      const severity = SEVERITIES[verdict];
      return severity && object
        ? [
            {
              code: policy,
              severity,
              message:
                verdict === 'needsApproval' ? `needs approval: ${text}` : text,
              object: {
                apiVersion: object.apiVersion,
                kind: object.kind,
                ...(object.namespace !== undefined && {
                  namespace: object.namespace,
                }),
                name: object.name,
              },
              path,
              equivalents: [],
            },
          ]
        : [];
    },
  );
  return [
    ...findings.filter(({ severity }) => severity === 'error'),
    ...findings.filter(({ severity }) => severity !== 'error'),
  ];
}
