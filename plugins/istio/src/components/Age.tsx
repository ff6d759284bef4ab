import { presentAge, presentFullTime, presentMoment } from './presentTime';
import { useNow } from './useNow';

/** How long ago something was, counting on by itself; the exact time is its title. */
export function Age(props: { at: string }) {
  const { at } = props;
  const text = useNow(now => presentAge(at, now));
  return (
    <time dateTime={at} title={presentFullTime(at)}>
      {text}
    </time>
  );
}

/** When something was: clock time today, else the day. */
export function Moment(props: { at: string }) {
  const { at } = props;
  const text = useNow(now => presentMoment(at, now));
  return (
    <time dateTime={at} title={presentFullTime(at)}>
      {text}
    </time>
  );
}
