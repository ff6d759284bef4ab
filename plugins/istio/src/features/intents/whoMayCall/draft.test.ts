import { buildCallersIntent, draftOf, readTypedCaller, rulesOf } from './draft';

const web = 'cluster.local/ns/shop/sa/web';

describe('callers of the form', () => {
  it('are one line each, and go back into the rules that they came from', () => {
    const rules = [
      { principals: [web, 'cluster.local/ns/shop/sa/app'] },
      { namespaces: ['lab'], methods: ['GET'], paths: ['/a/*'], ports: [80] },
    ];
    const draft = draftOf(rules);
    expect(draft).toHaveLength(3);
    expect(rulesOf(draft)).toEqual(rules);
  });

  it('take methods in any case and lists with commas or blanks', () => {
    expect(
      rulesOf([
        { principal: web, methods: 'get, post', paths: '/a  /b', ports: '80' },
      ]),
    ).toEqual([
      {
        principals: [web],
        methods: ['GET', 'POST'],
        paths: ['/a', '/b'],
        ports: [80],
      },
    ]);
  });

  it('say what is allowed where something else was typed', () => {
    const build = (caller: Parameters<typeof rulesOf>[0][number]) =>
      buildCallersIntent({
        params: {
          clusters: ['prod-eu'],
          namespace: 'shop',
          service: 'web',
          action: 'ALLOW',
          dryRun: false,
        },
        callers: [caller],
      });
    const any = { methods: '', paths: '', ports: '' };
    expect(build({ principal: web, ...any, ports: 'http' })).toEqual({
      ok: false,
      text: 'Ports must be numbers from 1 to 65535.',
    });
    expect(build({ principal: web, ...any, paths: 'orders' })).toEqual({
      ok: false,
      text: 'Each path must begin with / or *.',
    });
  });

  it.each([
    ['shop/web', { principal: web }],
    [`spiffe://${web}`, { principal: web }],
    ['shop', { namespace: 'shop' }],
  ])('are typed as %s', (text, expected) => {
    expect(readTypedCaller(text, 'cluster.local')).toMatchObject(expected);
  });

  it.each(['', 'shop/', '/web', 'a/b/c', 'two words'])(
    'are not typed as "%s"',
    text => {
      expect(readTypedCaller(text, 'cluster.local')).toBeUndefined();
    },
  );
});
