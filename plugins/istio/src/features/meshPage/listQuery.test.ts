import { changeListParams, readListQuery } from './listQuery';

const read = (text: string) => readListQuery(new URLSearchParams(text));

describe('listQuery', () => {
  it('reads what a URL says', () => {
    expect(
      read(
        'search=pay&owner=group:default/payments-team&status=outsideMesh&sort=name&order=desc&offset=50&window=1h',
      ),
    ).toMatchObject({
      search: 'pay',
      owner: 'group:default/payments-team',
      status: 'outsideMesh',
      sort: 'name',
      order: 'desc',
      offset: 50,
      limit: 50,
      window: '1h',
    });
  });

  it('falls back to defaults for what the API would refuse', () => {
    expect(read('status=purple&sort=colour&offset=-3&window=99d')).toEqual({
      window: '5m',
      search: undefined,
      owner: undefined,
      namespace: undefined,
      cluster: undefined,
      status: undefined,
      sort: 'health',
      order: 'asc',
      offset: 0,
      limit: 50,
    });
  });

  it('goes back to the first page when a filter changes', () => {
    const params = new URLSearchParams('offset=100&owner=a&search=x');
    expect(changeListParams(params, { owner: 'b' }).toString()).toBe(
      'owner=b&search=x',
    );
    expect(changeListParams(params, { offset: '150' }).get('offset')).toBe(
      '150',
    );
    expect(changeListParams(params, { search: '' }).toString()).toBe('owner=a');
  });
});
