import { splitDocuments } from './splitDocuments';

describe('splitDocuments', () => {
  it.each([
    ['one', 'a: 1\n', [['a: 1\n', 1, 1]]],
    [
      'two',
      'a: 1\n---\nb: 2\n',
      [
        ['a: 1', 1, 1],
        ['\nb: 2\n', 2, 2],
      ],
    ],
    ['a marker in front', '---\na: 1', [['\na: 1', 1, 1]]],
    [
      'nothing between markers',
      '---\n---\n# no\n---\na: 1',
      [['\na: 1', 1, 4]],
    ],
    ['text behind a marker', '--- a\n', [['    a\n', 1, 1]]],
    ['no marker at all', 'a: 1\n---b\n', [['a: 1\n---b\n', 1, 1]]],
    [
      'carriage returns',
      'a: 1\r\n---\r\nb: 2\r\n',
      [
        ['a: 1', 1, 1],
        ['\nb: 2\n', 2, 2],
      ],
    ],
    [
      'an end',
      'a: 1\n...\nb: 2',
      [
        ['a: 1', 1, 1],
        ['b: 2', 2, 3],
      ],
    ],
    [
      'a directive',
      '%YAML 1.2\n---\na: 1\n---\nb: 2',
      [
        ['\na: 1', 1, 2],
        ['\nb: 2', 2, 4],
      ],
    ],
    ['nothing', '# only\n\n  # this\n', []],
  ])('tells documents and their lines: %s', (_, text, expected) => {
    expect(
      splitDocuments(text).map(part => [part.text, part.document, part.line]),
    ).toEqual(expected);
  });
});
