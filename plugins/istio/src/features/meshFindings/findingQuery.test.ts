import {
  changeFindingParams,
  isFiltered,
  readFindingQuery,
} from './findingQuery';

describe('the URL of the findings', () => {
  it('is read, what the API would refuse left out', () => {
    const query = readFindingQuery(
      new URLSearchParams(
        'severity=awful&code=ISB0101&owner=group:default/a&offset=-1&sort=code',
      ),
    );
    expect(query).toMatchObject({
      severity: undefined,
      code: 'ISB0101',
      owner: 'group:default/a',
      sort: 'code',
      order: 'asc',
      offset: 0,
      limit: 50,
    });
    expect(isFiltered(query)).toBe(true);
    expect(isFiltered(readFindingQuery(new URLSearchParams()))).toBe(false);
  });

  it('goes to the first page with a new filter, and stays with an opened finding', () => {
    const params = new URLSearchParams('offset=50&kind=Gateway');
    expect(changeFindingParams(params, { severity: 'error' }).toString()).toBe(
      'kind=Gateway&severity=error',
    );
    expect(changeFindingParams(params, { finding: 'a/b' }).toString()).toBe(
      'offset=50&kind=Gateway&finding=a%2Fb',
    );
    expect(
      changeFindingParams(params, {
        kind: undefined,
        offset: '100',
      }).toString(),
    ).toBe('offset=100');
  });
});
