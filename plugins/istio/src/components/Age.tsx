import {
  presentAge,
  presentAgeRange,
  presentFullTime,
  presentMoment,
} from './presentTime';
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

/** How long ago several things were, as a range. */
export function AgeRange(props: { at: readonly string[] }) {
  const { at } = props;
  return <>{useNow(now => presentAgeRange(at, now))}</>;
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
