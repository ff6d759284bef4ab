import type { Log, ReportingDescriptor, Result } from 'sarif';
import { describeObject, Severity } from '@istio-backstage/plugin-istio-common';
import { version } from '../../package.json';
import { fingerprint } from './fingerprint';
import { describeSubject } from './presentText';
import { FindingsReport, PlacedFinding, ReportedRule } from './types';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** Where code-scanning pages take relative paths from: the checkout. */
const ROOT = '%SRCROOT%';

/**
 * SARIF 2.1.0 with what code-scanning pages read: a rule's texts and level, a line of a file, and a fingerprint
 * that stays while lines move. Sources: OASIS SARIF 2.1.0; GitHub's "SARIF support for code scanning".
 */
export function presentSarif(report: FindingsReport): string {
  const indexes = new Map<string, number>(
    report.rules.map(({ code }, index) => [code, index]),
  );
  const prints = fingerprint(report.findings);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'istio-portal',
            semanticVersion: version,
            rules: report.rules.map(toDescriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.skipped.map(
              ({ code, reason }) => ({
                level: 'note',
                message: { text: `${code} was not asked: ${reason}` },
                associatedRule: { id: code, index: indexes.get(code) },
              }),
            ),
          },
        ],
        results: report.findings.map((finding, index) => ({
          ...toResult(finding),
          ruleIndex: indexes.get(finding.code),
          partialFingerprints: { primaryLocationLineHash: prints[index] },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function toDescriptor(rule: ReportedRule): ReportingDescriptor {
  const { code, name, title, severity, explanation, remedy, equivalents } =
    rule;
  const known =
    equivalents.length > 0 ? `Known as ${equivalents.join(', ')}.` : '';
  const helpUri = findHelp(equivalents);
  return {
    id: code,
    name,
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    help: {
      text: [explanation, `What to do: ${remedy}`, known].join('\n\n').trim(),
      markdown: [explanation, `**What to do.** ${remedy}`, known]
        .join('\n\n')
        .trim(),
    },
    ...(helpUri ? { helpUri } : {}),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['istio', ...equivalents] },
  };
}

/** The page of istioctl's or Kiali's documentation on the same finding. */
function findHelp(equivalents: readonly string[]): string | undefined {
  const [code] = equivalents;
  if (code === undefined) {
    return undefined;
  }
  const id = code.toLowerCase();
  return code.startsWith('IST')
    ? `https://istio.io/latest/docs/reference/config/analysis/${id}/`
    : `https://kiali.io/docs/features/validations/#${id}`;
}

function toResult(finding: PlacedFinding): Result {
  const { code, severity, message, object, fix, at } = finding;
  const name = describeObject({ cluster: '', ...object });
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: {
      text: `${describeSubject(finding)}: ${message}${
        fix ? ` To mend it: ${fix.title}.` : ''
      }`,
    },
    locations: [
      {
        ...(at && {
          physicalLocation: {
            artifactLocation: { uri: toUri(at.file), uriBaseId: ROOT },
            region: { startLine: at.line, startColumn: at.column },
          },
        }),
        logicalLocations: [{ name, kind: 'resource' }],
      },
    ],
  };
}

/** A relative reference: what is no path separator is escaped. */
function toUri(file: string): string {
  return file
    .split(/[\\/]/)
    .map(part => encodeURIComponent(part))
    .join('/');
}
