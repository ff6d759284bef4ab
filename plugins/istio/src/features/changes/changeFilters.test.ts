import {
  buildListQuery,
  hasFilters,
  parseChangeFilters,
  withChangeParam,
} from './changeFilters';

describe('changeFilters', () => {
  it('reads the URL and drops a result that does not exist', () => {
    expect(
      parseChangeFilters(
        new URLSearchParams('search=v2&by=user:default/mira&result=verified'),
      ),
    ).toEqual({ search: 'v2', by: 'user:default/mira', state: 'verified' });
    const odd = parseChangeFilters(new URLSearchParams('result=great'));
    expect(hasFilters(odd)).toBe(false);
  });

  it('keeps what is not its own', () => {
    const next = withChangeParam(new URLSearchParams('window=1h&search=v2'), {
      search: undefined,
      change: '01J',
    });
    expect(next.toString()).toBe('window=1h&change=01J');
  });

  it('asks for one component, page by page', () => {
    expect(
      buildListQuery({
        entityRef: 'component:default/reviews',
        filters: { state: 'denied' },
        cursor: 'abc',
      }),
    ).toEqual({
      entityRef: 'component:default/reviews',
      state: 'denied',
      cursor: 'abc',
    });
  });
});
