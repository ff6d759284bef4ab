import {
  formatList,
  type DryRunResult,
  type GuardrailVerdict,
} from '@istio-backstage/plugin-istio-common';

export interface GuardrailRow {
  key: string;
  verdict: GuardrailVerdict['verdict'];
  /** Spoken word of the verdict, for the icon. */
  word: string;
  text: string;
}

const WORDS: Record<GuardrailVerdict['verdict'], string> = {
  pass: 'Passes',
  warn: 'Warning',
  needsApproval: 'Needs approval',
  deny: 'Refused',
  unknown: 'Unknown',
};

const SEVERITY: GuardrailVerdict['verdict'][] = [
  'deny',
  'needsApproval',
  'unknown',
  'warn',
  'pass',
];

type WebhookPart = DryRunResult['istioWebhook'];

const WEBHOOK: Record<WebhookPart, string> = {
  tookPart: 'Istio’s own validation included',
  notRegistered:
    'the schema only, Istio’s own validation is not registered there',
  notForThisKind: 'Istio’s own validation does not look at this kind',
  unknown: 'not known whether Istio’s own validation took part',
};

interface ClusterRun {
  cluster: string;
  result: DryRunResult['result'];
  webhook: WebhookPart;
  messages: string[];
  warnings: string[];
}

const RESULT_ORDER: DryRunResult['result'][] = [
  'refused',
  'notRun',
  'accepted',
];
const WEBHOOK_ORDER: WebhookPart[] = [
  'unknown',
  'notRegistered',
  'notForThisKind',
  'tookPart',
];

function worst<T>(order: T[], values: T[]): T {
  return order.find(value => values.includes(value)) ?? order[0];
}

function byCluster(results: DryRunResult[]): ClusterRun[] {
  const names = [...new Set(results.map(result => result.cluster))];
  return names.map(cluster => {
    const own = results.filter(result => result.cluster === cluster);
    return {
      cluster,
      result: worst(
        RESULT_ORDER,
        own.map(result => result.result),
      ),
      webhook: worst(
        WEBHOOK_ORDER,
        own.map(result => result.istioWebhook),
      ),
      messages: own.flatMap(result =>
        result.message && result.result !== 'accepted' ? [result.message] : [],
      ),
      warnings: [...new Set(own.flatMap(result => result.warnings))],
    };
  });
}

function acceptedRows(runs: ClusterRun[]): GuardrailRow[] {
  return WEBHOOK_ORDER.flatMap(webhook => {
    const clusters = runs
      .filter(run => run.result === 'accepted' && run.webhook === webhook)
      .map(run => run.cluster);
    if (clusters.length === 0) return [];
    const verdict =
      webhook === 'tookPart' || webhook === 'notForThisKind' ? 'pass' : 'warn';
    return [
      {
        key: `dry-run-${webhook}`,
        verdict,
        word: WORDS[verdict],
        text: `Dry run accepted in ${formatList(clusters)}, ${
          WEBHOOK[webhook]
        }`,
      } satisfies GuardrailRow,
    ];
  });
}

function otherRows(runs: ClusterRun[]): GuardrailRow[] {
  return runs.flatMap(run => {
    const rows: GuardrailRow[] = [];
    if (run.result === 'refused') {
      rows.push({
        key: `dry-run-refused-${run.cluster}`,
        verdict: 'deny',
        word: WORDS.deny,
        text: `Dry run refused in ${run.cluster}: ${
          run.messages.join('; ') || 'no reason given'
        }`,
      });
    }
    if (run.result === 'notRun') {
      rows.push({
        key: `dry-run-not-run-${run.cluster}`,
        verdict: 'unknown',
        word: WORDS.unknown,
        text: `No dry run in ${run.cluster}: ${
          run.messages.join('; ') || 'no reason given'
        }`,
      });
    }
    for (const warning of run.warnings) {
      rows.push({
        key: `dry-run-warning-${run.cluster}-${warning}`,
        verdict: 'warn',
        word: WORDS.warn,
        text: `${run.cluster} warns: ${warning}`,
      });
    }
    return rows;
  });
}

/** Verdicts of the policies, then the dry runs, worst first. */
export function presentGuardrails(
  guardrails: GuardrailVerdict[],
  dryRun: DryRunResult[],
): GuardrailRow[] {
  const runs = byCluster(dryRun);
  const rows: GuardrailRow[] = [
    ...guardrails.map((verdict, index) => ({
      key: `${verdict.policy}-${index}`,
      verdict: verdict.verdict,
      word: WORDS[verdict.verdict],
      text: verdict.text,
    })),
    ...otherRows(runs),
    ...acceptedRows(runs),
  ];
  // Sorting is stable: policies keep their order within a verdict.
  return rows.sort(
    (a, b) => SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict),
  );
}

/** `4 of 4 pass`, or `1 needs approval, 3 pass`, with the worst verdict for the icon. */
export function summarizeGuardrails(rows: GuardrailRow[]): {
  verdict: GuardrailVerdict['verdict'];
  text: string;
} {
  const count = (verdict: GuardrailVerdict['verdict']) =>
    rows.filter(row => row.verdict === verdict).length;
  if (rows.length === 0) return { verdict: 'unknown', text: 'None checked' };
  if (count('pass') === rows.length) {
    return { verdict: 'pass', text: `${rows.length} of ${rows.length} pass` };
  }
  const named: [GuardrailVerdict['verdict'], string, string][] = [
    ['deny', 'refused', 'refused'],
    ['needsApproval', 'needs approval', 'need approval'],
    ['unknown', 'unknown', 'unknown'],
    ['warn', 'warning', 'warnings'],
    ['pass', 'passes', 'pass'],
  ];
  const parts = named.flatMap(([verdict, one, many]) => {
    const n = count(verdict);
    return n === 0 ? [] : [`${n} ${n === 1 ? one : many}`];
  });
  return {
    verdict: worst(
      SEVERITY,
      rows.map(row => row.verdict),
    ),
    text: parts.join(', '),
  };
}
