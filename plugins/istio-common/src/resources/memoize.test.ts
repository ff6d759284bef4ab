import { memoizeByIdentity } from './memoize';

describe('memoizeByIdentity', () => {
  it.each([
    ['open', (object: object) => object],
    ['frozen', (object: object) => Object.freeze(object)],
  ])(
    'reads an %s object once per reader, and leaves it as it is',
    (_, make) => {
      const asked: string[] = [];
      const reader = (name: string) =>
        memoizeByIdentity((object: object): string | undefined => {
          asked.push(name);
          return 'nothing' in object ? undefined : name;
        });
      const [first, second] = [reader('first'), reader('second')];
      const object = make({ a: 1, nothing: 2 });
      const other = make({ a: 1 });
      for (let turn = 0; turn < 2; turn += 1) {
        expect([first(object), second(object)]).toEqual([undefined, undefined]);
        expect([first(other), second(other)]).toEqual(['first', 'second']);
      }
      expect(asked).toEqual(['first', 'second', 'first', 'second']);
      expect(Reflect.ownKeys(object)).toEqual(['a', 'nothing']);
      // A copy is another object.
      first({ ...object });
      expect(asked).toHaveLength(5);
    },
  );

  it('lets a reading ask for others of the same object', () => {
    const inner = memoizeByIdentity((object: { n: number }) => object.n + 1);
    const outer = memoizeByIdentity((object: { n: number }) => inner(object));
    const object = { n: 1 };
    expect([outer(object), outer(object), inner(object)]).toEqual([2, 2, 2]);
  });
});
