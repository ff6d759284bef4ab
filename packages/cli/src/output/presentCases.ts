import { JSON_VERSION } from '../answers/toJson';
import type { CaseResult } from '../commands/test';

/** The results of all cases, for people, for programs, or for a pipeline's test report. */
export function presentCases(
  results: readonly CaseResult[],
  output: 'text' | 'json' | 'junit',
): string {
  switch (output) {
    case 'json':
      return presentJson(results);
    case 'junit':
      return presentJUnit(results);
    default:
      return presentText(results);
  }
}

/** `passed` is absent for a case that expects nothing. */
function presentJson(results: readonly CaseResult[]): string {
  const failed = results.filter(({ differences }) => differences.length > 0);
  return `${JSON.stringify(
    {
      version: JSON_VERSION,
      total: results.length,
      failed: failed.length,
      cases: results.map(({ test, answer, differences }) => ({
        name: test.name,
        question: test.kind,
        ...(test.expect === undefined
          ? {}
          : { passed: differences.length === 0 }),
        ...(differences.length > 0 ? { differences } : {}),
        actual: answer.json,
      })),
    },
    null,
    2,
  )}\n`;
}

function presentText(results: readonly CaseResult[]): string {
  const lines = results.flatMap(({ test, answer, differences }) => {
    if (test.expect === undefined) {
      return [`answer ${test.name}`, indent(answer.text)];
    }
    return differences.length === 0
      ? [`ok     ${test.name}`]
      : [
          `FAILED ${test.name}`,
          ...differences.map(each => `  ${each}`),
          indent(answer.text),
        ];
  });
  const failed = results.filter(({ differences }) => differences.length > 0);
  return [
    ...lines,
    `${results.length} cases, ${failed.length} failed`,
    '',
  ].join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n');
}

function presentJUnit(results: readonly CaseResult[]): string {
  const failed = results.filter(({ differences }) => differences.length > 0);
  const cases = results.map(({ test, answer, differences }) => {
    const head = `    <testcase classname="${test.kind}" name="${escapeXml(
      test.name,
    )}"`;
    return differences.length === 0
      ? `${head}/>`
      : [
          `${head}>`,
          `      <failure message="${escapeXml(
            differences.join('; '),
          )}">${escapeXml(answer.text)}</failure>`,
          '    </testcase>',
        ].join('\n');
  });
  const counts = `tests="${results.length}" failures="${failed.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="istio-portal" ${counts} errors="0" skipped="0">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Also without the control characters that XML cannot hold. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, char => XML[char])
    .replace(/[^\t\n\r\u0020-\uFFFD]/g, '');
}
