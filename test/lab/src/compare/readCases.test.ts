import { readCase } from './readCases';

const QUESTION =
  '{ question: { ask: authz, from: client, to: ratings }, expect: { decision: allow } }';

describe('readCase', () => {
  it('reads a case', () => {
    const text = `name: A\nconfig: ''\nquestions: [${QUESTION}]`;
    expect(readCase('a.yaml', text).questions).toHaveLength(1);
  });

  it.each([
    ['config: x', 'a.yaml: name must say'],
    ['name: A', 'a.yaml: config must be YAML text'],
    ["name: A\nconfig: ''\nquestions: []", 'questions must not be empty'],
    [
      QUESTION.replace('authz', 'auth'),
      'questions[0].question.ask must be one of route, mtls, authz',
    ],
    [QUESTION.replace('client', 'cleint'), 'question.from must be one of'],
    [QUESTION.replace('expect', 'expects'), 'expect must be a verdict'],
    [
      QUESTION.replace('expect', 'differs: { cause: x }, expect'),
      "differs needs the oracle's verdict, the cause and its source",
    ],
  ])('names what is wrong: %s', (text, message) => {
    const whole = text.startsWith('{')
      ? `name: A\nconfig: ''\nquestions: [${text}]`
      : text;
    expect(() => readCase('a.yaml', whole)).toThrow(message);
  });
});
