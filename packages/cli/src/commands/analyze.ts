import {
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
import { FindingsReport, PlacedFinding } from '../findings/types';
import { buildMesh } from '../input/loadMesh';
import { readFiles } from '../input/readFiles';
import { ReadObjects, readObjects } from '../input/readObjects';
import { FieldLocator } from '../positions/FieldLocator';
import { SharedAnalysis } from '../threads/SharedAnalysis';
import { ExitCode, Terminal } from '../types';

const PRESENTERS = {
  text: presentText,
  json: presentJson,
  sarif: presentSarif,
  github: presentGithub,
} as const;

/** All that is wrong with the mesh which the files make. */
export async function analyze(
  options: CommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
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
  const report = await examine(options, terminal);
  terminal.out(PRESENTERS[output](report));
  return report.findings.some(
    finding => compareSeverity(finding, { severity: threshold }) <= 0,
  )
    ? 1
    : 0;
}

async function examine(
  options: CommandOptions,
  terminal: Terminal,
): Promise<FindingsReport> {
  const files = readFiles(options.paths, terminal);
  const analysis = SharedAnalysis.start(files, { options, terminal });
  try {
    const { objects, places } = readObjects(files);
    const snapshot = buildMesh(objects, {
      options,
      terminal,
      reading: 'as istioctl',
    });
    const result = await analysis.analyze(snapshot);
    const findings = place(
      attribute(result.findings, { snapshot, places }),
      places,
    );
    return {
      findings,
      skipped: result.skipped,
      rules: RULES,
      objects: objects.length,
      counts: count(findings),
    };
  } finally {
    analysis.stop();
  }
}

function place(
  findings: readonly MeshFinding[],
  places: ReadObjects['places'],
): PlacedFinding[] {
  const locator = new FieldLocator();
  return findings.map(finding => {
    const written = places.get(objectKey({ cluster: '', ...finding.object }));
    return written
      ? { ...finding, at: locator.locate(written, finding.path) }
      : finding;
  });
}

function count(findings: readonly MeshFinding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) {
    counts[severity] += 1;
  }
  return counts;
}
