import {
  KubeObject,
  validateObject,
} from '@istio-backstage/plugin-istio-common';

/** The oracle's answer about one object. */
export interface WebhookVerdict {
  valid: boolean;
  warnings: readonly string[];
}

export type Verdict = 'refused' | 'warned' | 'valid';

/** What the webhook warns of and we do not, with the reason. */
const LEFT_OUT: readonly { warning: RegExp; reason: string }[] = [
  {
    warning: /^EnvoyFilter exposes internal implementation details/,
    reason: 'it says so of every EnvoyFilter, whatever is in it',
  },
  {
    warning: /^virtualService rule /,
    reason:
      'rules and conditions that take no request are findings of their own',
  },
  {
    warning: /unknown field|^using deprecated type/,
    reason: 'what is inside patch.value takes Envoy’s own messages to judge',
  },
];

/** Whether the webhook alone warns of it. */
export function isLeftOut(line: string): boolean {
  return LEFT_OUT.some(({ warning }) => warning.test(line));
}

export function verdictOfWebhook({ valid, warnings }: WebhookVerdict): Verdict {
  if (!valid) return 'refused';
  const told = warnings.filter(line => !isLeftOut(line));
  return told.length > 0 ? 'warned' : 'valid';
}

export function verdictOfCore(object: KubeObject): Verdict {
  const { errors, warnings } = validateObject(object);
  if (errors.length > 0) return 'refused';
  // istiod loses what it would warn of in the policy of a subset or port on its way out.
  const told = warnings.filter(
    line => !/^spec\.subsets\[|^spec\.[^:]*\.portLevelSettings\[/.test(line),
  );
  return told.length > 0 ? 'warned' : 'valid';
}
