import {
  analyze as findProblems,
  compareSeverity,
  MeshFinding,
  objectKey,
  RULES,
  Severity,
} from '@istio-backstage/plugin-istio-common';
import { CommandOptions } from '../arguments/options';
import { choiceFlag } from '../arguments/readFlags';
import { attribute } from '../findings/attribute';
import { presentGithub } from '../findings/presentGithub';
import { presentJson } from '../findings/presentJson';
import { presentSarif } from '../findings/presentSarif';
import { presentText } from '../findings/presentText';
import { FindingsReport } from '../findings/types';
import { buildMesh, loadObjects } from '../input/loadMesh';
import { FieldLocator } from '../positions/FieldLocator';
import { ExitCode, Terminal } from '../types';

const PRESENTERS = {
  text: presentText,
  json: presentJson,
  sarif: presentSarif,
  github: presentGithub,
} as const;

/** All that is wrong with the mesh which the files make. */
export function analyze(options: CommandOptions, terminal: Terminal): ExitCode {
  const output = choiceFlag(options.values, 'output', [
    'text',
    'json',
    'sarif',
    'github',
  ]);
  const threshold = choiceFlag(options.values, 'fail-on', [
    'error',
    'warning',
    'info',
  ]);
  const report = examine(options, terminal);
  terminal.out(PRESENTERS[output](report));
  return report.findings.some(
    finding => compareSeverity(finding, { severity: threshold }) <= 0,
  )
    ? 1
    : 0;
}

function examine(options: CommandOptions, terminal: Terminal): FindingsReport {
  const { objects, places } = loadObjects(options, terminal);
  const snapshot = buildMesh(objects, {
    options,
    terminal,
    reading: 'as istioctl',
  });
  const result = findProblems({ snapshot, now: terminal.now() });
  const locator = new FieldLocator();
  const findings = attribute(result.findings, { snapshot, places }).map(
    finding => {
      const place = places.get(objectKey({ cluster: '', ...finding.object }));
      return place
        ? { ...finding, at: locator.locate(place, finding.path) }
        : finding;
    },
  );
  return {
    findings,
    skipped: result.skipped,
    rules: RULES,
    objects: objects.length,
    counts: count(findings),
  };
}

function count(findings: readonly MeshFinding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) {
    counts[severity] += 1;
  }
  return counts;
}
