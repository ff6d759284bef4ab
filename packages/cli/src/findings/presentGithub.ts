import { Severity } from '@istio-backstage/plugin-istio-common';
import { describeSubject, explainSkipped, summarize } from './presentText';
import { FindingsReport, PlacedFinding } from './types';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/**
 * Workflow commands of GitHub Actions: each finding is an annotation of its line.
 * Source: GitHub's documentation, "Workflow commands", and the escaping of its toolkit (`@actions/core`).
 */
export function presentGithub(report: FindingsReport): string {
  return [
    ...report.findings.map(toCommand),
    summarize(report),
    ...explainSkipped(report),
    '',
  ].join('\n');
}

function toCommand(finding: PlacedFinding): string {
  const { at, severity, code, message } = finding;
  const properties = {
    ...(at && { file: at.file, line: at.line, col: at.column }),
    title: `${code} ${describeSubject(finding)}`,
  };
  const written = Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${COMMANDS[severity]} ${written}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
