import { useState } from 'react';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SearchInput } from './SearchInput';

/** A list whose address takes what was searched for a while later. */
function List(props: { asked: string[]; take: { now?: () => void } }) {
  const { asked, take } = props;
  const [search, setSearch] = useState('');
  return (
    <>
      <SearchInput
        label="Search"
        initial={search}
        onSearch={text => {
          asked.push(text);
          take.now = () => setSearch(text);
        }}
      />
      <button type="button" onClick={() => setSearch('')}>
        Clear
      </button>
    </>
  );
}

describe('SearchInput', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function open() {
    const asked: string[] = [];
    const take: { now?: () => void } = {};
    render(<List asked={asked} take={take} />);
    const user = userEvent.setup({ advanceTimers: jest.advanceTimersByTime });
    return { asked, take, user, box: screen.getByRole('searchbox') };
  }

  const pass = () => act(async () => jest.advanceTimersByTime(1_000));

  it('keeps what is typed on while the list takes what was typed before', async () => {
    const { asked, take, user, box } = open();
    await user.type(box, 'rev');
    await pass();
    await user.type(box, 'iews');
    act(() => take.now?.());
    expect(box).toHaveValue('reviews');
    expect(box).toHaveFocus();
    await pass();
    expect(asked).toEqual(['rev', 'reviews']);
  });

  it('is emptied by what empties the search', async () => {
    const { take, user, box } = open();
    await user.type(box, 'rev');
    await pass();
    act(() => take.now?.());
    await user.click(screen.getByRole('button', { name: 'Clear' }));
    expect(box).toHaveValue('');
  });
});
