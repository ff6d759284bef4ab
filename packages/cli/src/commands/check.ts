import { objectKey, POLICIES } from '@istio-backstage/plugin-istio-common';
import type { CommandOptions } from '../arguments/options';
import { choiceFlag } from '../arguments/readFlags';
import { checkObjects } from '../check/checkObjects';
import { presentVerdicts } from '../check/presentVerdicts';
import { toFindings } from '../check/toFindings';
import { presentGithub } from '../findings/presentGithub';
import { presentSarif } from '../findings/presentSarif';
import { presentText } from '../findings/presentText';
import { FieldLocator } from '../positions/FieldLocator';
import type { ExitCode, Terminal } from '../types';

/** What the guardrails say to the objects of the files: the same words as in the portal. */
export function check(options: CommandOptions, terminal: Terminal): ExitCode {
  const output = choiceFlag(options.values, 'output', [
    'text',
    'json',
    'sarif',
    'github',
  ]);
  const { verdicts, judged, places } = checkObjects(options, terminal);
  const locator = new FieldLocator();
  const findings = toFindings(verdicts).map(finding => {
    const place = places.get(objectKey({ cluster: '', ...finding.object }));
    return place
      ? { ...finding, at: locator.locate(place, finding.path) }
      : finding;
  });
  const report = {
    findings,
    skipped: [],
    objects: judged,
    counts: {
      error: findings.filter(({ severity }) => severity === 'error').length,
      warning: findings.filter(({ severity }) => severity === 'warning').length,
      info: 0,
    },
    rules: POLICIES.map(({ id, description }) => ({
      code: id,
      name: id,
      title: description,
      severity: 'error' as const,
      explanation: `${description}.`,
      remedy:
        'Keep to it, or ask the platform team for what the settings can allow.',
      equivalents: [],
    })),
  };
  switch (output) {
    case 'json':
      terminal.out(presentVerdicts(verdicts, report));
      break;
    case 'sarif':
      terminal.out(presentSarif(report));
      break;
    case 'github':
      terminal.out(presentGithub(report));
      break;
    default:
      terminal.out(presentText(report));
  }
  return report.counts.error > 0 ? 1 : 0;
}
