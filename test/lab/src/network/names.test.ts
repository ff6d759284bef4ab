import { checkLabName, isNamespaceOf, podNamespace } from './names';

describe('checkLabName', () => {
  it.each(['lab', 'a', 'portal-7007'])('accepts %s', name => {
    expect(checkLabName(name)).toBe(name);
  });

  it.each(['', 'Lab', '7', 'a.b', '../x', 'a'.repeat(25)])(
    'refuses "%s" and says what is allowed',
    name => {
      expect(() => checkLabName(name)).toThrow(/lower case letters/);
    },
  );
});

describe('isNamespaceOf', () => {
  it('does not take the Pods of another lab whose name begins alike', () => {
    expect(isNamespaceOf('a', podNamespace('a', 'uid-1'))).toBe(true);
    expect(isNamespaceOf('a', podNamespace('a-b', 'uid-1'))).toBe(false);
    expect(isNamespaceOf('a', 'istio-lab-a')).toBe(true);
    expect(isNamespaceOf('a', 'istio-lab-a-b')).toBe(false);
  });
});
