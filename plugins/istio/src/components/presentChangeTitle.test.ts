import { presentChangeTitle } from './presentChangeTitle';

describe('presentChangeTitle', () => {
  it('leaves out the name of the component it stands under', () => {
    expect(presentChangeTitle('reviews: v2 from 20 to 30 %', 'reviews')).toBe(
      'v2 from 20 to 30 %',
    );
    expect(presentChangeTitle('reviews: v2 from 20 to 30 %', 'ratings')).toBe(
      'reviews: v2 from 20 to 30 %',
    );
  });
});
