import { formatList } from '@istio-backstage/plugin-istio-common';
import type {
  AuthorizationResponse,
  PlacedAnswer,
} from '@istio-backstage/plugin-istio-common';
import type { StatusKind } from '../../components';

type Decision = AuthorizationResponse['decision'];

const LOOKS: Record<Decision, { status: StatusKind; lead: string }> = {
  allow: { status: 'pass', lead: 'Yes' },
  deny: { status: 'deny', lead: 'No' },
  refused: { status: 'deny', lead: 'No, the connection is refused' },
  external: { status: 'needsApproval', lead: 'Another service decides' },
  unknown: { status: 'unknown', lead: 'It cannot be said' },
  mixed: { status: 'differs', lead: 'It differs' },
};

/** How a decision looks and how its sentence opens. */
export function decisionLook(decision: Decision): {
  status: StatusKind;
  lead: string;
} {
  return LOOKS[decision] ?? LOOKS.unknown;
}

/** Who was asked about, as it was understood. */
export function presentCaller(caller: AuthorizationResponse['caller']): string {
  const { kind, name, workload, principal } = caller;
  const identity = principal ? `, identity ${principal}` : '';
  switch (kind) {
    case 'workload':
      return `Workload ${name}${identity}`;
    case 'serviceAccount':
      return `Service account ${name}, used by ${workload}`;
    case 'service':
      return `Service ${name}, workload ${workload}${identity}`;
    case 'address':
      return `Address ${name}, outside the mesh`;
    default:
      return `Nothing of that name runs: answered for the identity ${
        principal ?? name
      }, encrypted`;
  }
}

/** One answer in a sentence; where others differ, with its place. */
export function presentReason(
  answer: PlacedAnswer,
  options: { component: string; alone: boolean },
): string {
  const { component, alone } = options;
  const place = alone
    ? ''
    : `${formatList(answer.workloads)} in ${formatList(answer.clusters)}: `;
  const facts =
    answer.missing.length > 0 ? ` Missing: ${formatList(answer.missing)}.` : '';
  return `${place}${verbOf(answer, component)}: ${answer.reason}.${facts}`;
}

function verbOf({ decision }: PlacedAnswer, component: string): string {
  switch (decision) {
    case 'allow':
      return `${component} lets it in`;
    case 'deny':
      return `${component} turns it away`;
    case 'refused':
      return `${component} does not take the call`;
    case 'external':
      return `${component} asks a provider outside the mesh`;
    default:
      return 'A fact is missing';
  }
}

const OUTCOMES: Record<PlacedAnswer['considered'][number]['outcome'], string> =
  {
    matches: 'matches',
    doesNotMatch: 'does not match',
    unknown: 'may match',
    notApplied: 'is not applied',
  };

/** "ALLOW policy does not match", with what it is for where that is not obvious. */
export function presentVerdict(
  verdict: PlacedAnswer['considered'][number],
): string {
  const trial = verdict.dryRun ? ', on trial only' : '';
  return `${verdict.action} policy ${OUTCOMES[verdict.outcome]}${trial}`;
}

/** `spec.rules[0]` is "Rule 1", inside a sentence as well. */
export function presentRules(text: string): string {
  return text.replace(
    /spec\.rules\[(\d+)\](?!\.)/g,
    (_, index: string) => `rule ${Number(index) + 1}`,
  );
}
