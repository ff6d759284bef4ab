import type { AnalyzeAnswer } from '@istio-backstage/lab';
import { MeshFinding, Rule, RULES } from '@istio-backstage/plugin-istio-common';

type Message = AnalyzeAnswer['messages'][number];

/** What istioctl's one code for everything that is not there says was looked for, in one word each. */
const NOT_FOUND =
  /^Referenced (?:mirror (?=host)|(?:host|mirror)\+)?(.+?) not found/;

/** What each rule looks for of those that stand for that code. */
const LOOKED_FOR: Readonly<Record<string, string>> = {
  'authorization-policy-unknown-namespace': 'namespace',
  'gateway-certificate-missing': 'credentialName',
  'gateway-selects-nothing': 'Gateway selector',
  'sidecar-selects-nothing': 'Sidecar selector',
  'extension-selects-nothing': 'Telemetry selector',
  'virtual-service-unknown-gateway': 'gateway',
  'virtual-service-unknown-host': 'host',
  'virtual-service-unknown-port': 'host:port',
  'virtual-service-unknown-subset': 'subset in destinationrule',
};

/** `IST0111`, `IST0101 gateway`: one thing that istioctl says of objects. */
export type Meaning = string;

/** What istioctl's message means. */
export function meaningOf({ code, object, message }: Message): Meaning {
  const what = code === 'IST0101' && NOT_FOUND.exec(message)?.[1];
  if (!what) return code;
  return what === 'selector'
    ? `${code} ${object?.kind} selector`
    : `${code} ${what}`;
}

/** All that a rule says it stands for; what Kiali calls it is not asked here. */
export function meaningsOf({
  name,
  equivalents,
}: Pick<Rule, 'name' | 'equivalents'>): readonly Meaning[] {
  return equivalents
    .filter(code => code.startsWith('IST'))
    .map(code =>
      code === 'IST0101' ? `${code} ${LOOKED_FOR[name] ?? '?'}` : code,
    );
}

const BY_CODE = new Map(RULES.map(rule => [rule.code as string, rule]));

/** The rule that a finding is of. */
export function ruleOf(finding: MeshFinding): Rule {
  const rule = BY_CODE.get(finding.code);
  if (!rule) throw new Error(`no rule ${finding.code}`);
  return rule;
}

/** `VirtualService shop/web`, as both sides name it. */
export function nameOf(object: {
  kind: string;
  namespace?: string;
  name: string;
}): string {
  return `${object.kind} ${object.namespace ?? ''}/${object.name}`;
}
