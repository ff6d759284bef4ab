import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { Log } from 'sarif';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import { Rule } from '@istio-backstage/plugin-istio-common';
import { presentGithub } from './presentGithub';
import { presentJson } from './presentJson';
import { presentSarif } from './presentSarif';
import { presentText } from './presentText';
import { FindingsReport, PlacedFinding } from './types';

const rule = (code: Rule['code'], equivalents: string[]): Rule => ({
  code,
  name: `rule-${code.toLowerCase()}`,
  title: `What ${code} is about`,
  severity: 'warning',
  explanation: `Why ${code} matters.`,
  remedy: `Mend ${code}.`,
  equivalents,
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check: () => [],
});

const object = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'shop',
  name: 'a',
};

const found: PlacedFinding[] = [
  {
    code: 'ISB0101',
    severity: 'error',
    message: '100 % wrong:\nno Gateway b, c',
    object,
    path: 'spec.gateways[0]',
    equivalents: ['IST0101', 'KIA1102'],
    fix: { title: 'Remove it', patch: [{ op: 'remove', path: '/spec' }] },
    at: { file: 'with blank/mesh.yaml', line: 12, column: 5 },
  },
  {
    code: 'ISB0101',
    severity: 'error',
    message: 'no Gateway d',
    object,
    path: 'spec.gateways[1]',
    equivalents: ['IST0101', 'KIA1102'],
    at: { file: 'with blank/mesh.yaml', line: 13, column: 5 },
  },
  {
    code: 'ISB0501',
    severity: 'info',
    message: 'the object as a whole',
    object: { ...object, kind: 'Gateway' },
    path: '',
    equivalents: [],
  },
];

const report: FindingsReport = {
  findings: found,
  skipped: [
    { code: 'ISB1201', name: 'x', reason: 'no observed traffic' },
    { code: 'ISB1202', name: 'y', reason: 'no observed traffic' },
  ],
  rules: [
    rule('ISB0101', ['IST0101', 'KIA1102']),
    rule('ISB0501', []),
    rule('ISB0701', ['KIA0002']),
    rule('ISB1201', []),
    rule('ISB1202', []),
  ],
  objects: 7,
  counts: { error: 2, warning: 0, info: 1 },
};

function sarif(of: FindingsReport): Log {
  return JSON.parse(presentSarif(of)) as Log;
}

describe('findings', () => {
  it('are one line each in text', () => {
    expect(presentText(report).split('\n')).toEqual([
      'with blank/mesh.yaml:12:5: error ISB0101 (IST0101, KIA1102): VirtualService shop/a spec.gateways[0]: 100 % wrong: no Gateway b, c',
      '  fix: Remove it',
      'with blank/mesh.yaml:13:5: error ISB0101 (IST0101, KIA1102): VirtualService shop/a spec.gateways[1]: no Gateway d',
      'info ISB0501: Gateway shop/a: the object as a whole',
      '7 objects: 2 errors, 0 warnings, 1 info',
      'not asked (no observed traffic): ISB1201, ISB1202',
      '',
    ]);
  });

  it('have file and line in JSON', () => {
    const { version, objects, counts, findings, skipped } = JSON.parse(
      presentJson(report),
    );
    const { at, ...rest } = found[0];
    expect({ version, objects, counts, skipped }).toEqual({
      version: 1,
      objects: 7,
      counts: report.counts,
      skipped: report.skipped,
    });
    expect(findings).toEqual([
      { ...rest, ...at },
      expect.objectContaining({ line: 13 }),
      found[2],
    ]);
  });

  it('are annotations in a workflow of GitHub, one line each', () => {
    expect(presentGithub(report).split('\n').slice(0, 3)).toEqual([
      '::error file=with blank/mesh.yaml,line=12,col=5,title=ISB0101 VirtualService shop/a spec.gateways[0]::100 %25 wrong:%0Ano Gateway b, c',
      '::error file=with blank/mesh.yaml,line=13,col=5,title=ISB0101 VirtualService shop/a spec.gateways[1]::no Gateway d',
      '::notice title=ISB0501 Gateway shop/a::the object as a whole',
    ]);
    const odd = { ...found[0], at: { file: 'a,b:c.yaml', line: 1, column: 1 } };
    expect(presentGithub({ ...report, findings: [odd] })).toMatch(
      /^::error file=a%2Cb%3Ac\.yaml,line=1,/,
    );
  });

  describe('as SARIF', () => {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      logger: false,
      // The schema has a pattern that is none with the flag.
      unicodeRegExp: false,
    });
    addFormats(ajv);
    const validate = ajv.compile(schema);

    it.each([
      ['with findings', report],
      ['without any', { ...report, findings: [], skipped: [] }],
    ])('keep to the published schema %s', (_, each) => {
      validate(sarif(each));
      expect(validate.errors ?? []).toEqual([]);
    });

    it('are what code-scanning pages read', () => {
      const [run] = sarif(report).runs;
      expect(
        run.tool.driver.rules?.map(({ id, helpUri }) => [id, helpUri]),
      ).toEqual([
        [
          'ISB0101',
          'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
        ],
        ['ISB0501', undefined],
        ['ISB0701', 'https://kiali.io/docs/features/validations/#kia0002'],
        ['ISB1201', undefined],
        ['ISB1202', undefined],
      ]);
      expect(run.tool.driver.rules?.[0]).toMatchObject({
        shortDescription: { text: 'What ISB0101 is about' },
        help: { text: expect.stringContaining('What to do: Mend ISB0101.') },
        defaultConfiguration: { level: 'warning' },
      });
      expect(run.results?.[0]).toMatchObject({
        ruleId: 'ISB0101',
        ruleIndex: 0,
        level: 'error',
        message: {
          text: expect.stringMatching(/^VirtualService shop\/a .*100 % wrong/),
        },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'with%20blank/mesh.yaml' },
              region: { startLine: 12, startColumn: 5 },
            },
          },
        ],
      });
      expect(run.results?.[2]).toMatchObject({ ruleIndex: 1, level: 'note' });
      expect(
        run.invocations?.[0].toolExecutionNotifications?.map(
          ({ associatedRule }) => associatedRule,
        ),
      ).toEqual([
        { id: 'ISB1201', index: 3 },
        { id: 'ISB1202', index: 4 },
      ]);
    });

    it('keep their fingerprint while lines and items move, and have one each', () => {
      const printsOf = (findings: PlacedFinding[]) =>
        sarif({ ...report, findings }).runs[0].results?.map(
          ({ partialFingerprints }) =>
            partialFingerprints?.primaryLocationLineHash,
        ) ?? [];
      const before = printsOf(found);
      const after = printsOf(
        found.map(({ at, path, ...rest }) => ({
          ...rest,
          path: path.replace('0', '4'),
          ...(at && { at: { ...at, line: at.line + 9 } }),
        })),
      );
      expect(after).toEqual(before);
      expect(new Set(before).size).toBe(found.length);
    });
  });
});
