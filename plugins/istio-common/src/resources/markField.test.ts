import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { markField } from './markField';

interface Case {
  name: string;
  path: string;
  /** Path of what is marked, joined with dots. */
  at?: string;
  missing?: string;
  /** The marked lines. */
  marks?: string[];
}

const { object, cases } = load(
  readFileSync(join(__dirname, 'markField.cases.yaml'), 'utf8'),
) as { object: Record<string, unknown>; cases: Case[] };

describe('markField', () => {
  it.each(cases)('$name', ({ path, at, missing = '', marks }) => {
    const yaml = markField(object, path);
    const lines = yaml.lines
      .filter(line => line.marked)
      .map(({ text }) => text.trim());
    expect({
      missing: yaml.missing,
      at: yaml.marked.join('.'),
      marks: lines,
    }).toMatchObject({
      missing,
      ...(at !== undefined && { at }),
      ...(marks && { marks: marks.map(text => text.trim()) }),
    });
    expect(lines.length > 0).toBe(marks?.length !== 0);
  });

  it('shows the whole object whatever is marked', () => {
    for (const { path } of cases) {
      const text = markField(object, path)
        .lines.map(line => line.text)
        .join('\n');
      expect(load(text)).toEqual(object);
    }
  });

  it('takes any text for a path', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, path) => {
        const { lines, marked } = markField(value, path);
        expect(lines.some(line => line.marked)).toBe(marked.length > 0);
      }),
    );
  });
});
