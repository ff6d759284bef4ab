import type {
  GuardrailVerdict,
  ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { CronTime } from 'cron';
import { DateTime, Duration } from 'luxon';

/** One configured window in which nothing is changed. */
export interface FreezeWindow {
  name: string;
  /** IANA name: a wall clock there decides, through changes of summer time. */
  timeZone: string;
  /** Absent: every cluster. */
  clusters?: readonly string[];
  /** Of the objects that are written. Absent: every namespace. */
  namespaces?: readonly string[];
  /** Once from and to, local ISO times; or again and again, with a length. */
  when: { from: string; to: string } | { cron: string; duration: string };
}

/** A window that is on. */
export interface ActiveFreeze {
  name: string;
  /** `Mon 30 Mar 2026, 06:00 Europe/Berlin` */
  until: string;
}

/** Where something is to be changed. */
type Place = Pick<ObjectRef, 'cluster' | 'namespace'>;

const POLICY = 'freeze-window';

/** Says when changes are frozen. Wall clocks come from the time zone, so an hour more or less is no surprise. */
export class FreezeCalendar {
  static create(windows: readonly FreezeWindow[]): FreezeCalendar {
    return new FreezeCalendar(windows);
  }

  private constructor(private readonly windows: readonly FreezeWindow[]) {}

  /** Windows that are on for one of the places; `at` in epoch milliseconds. */
  activeAt(at: number, places: readonly Place[]): ActiveFreeze[] {
    return this.windows.flatMap(window => {
      const concerned = places.some(place => concerns(window, place));
      const end = concerned ? endOf(window, at) : undefined;
      return end
        ? [
            {
              name: window.name,
              until: `${end.toFormat('ccc d LLL yyyy, HH:mm', {
                locale: 'en',
              })} ${window.timeZone}`,
            },
          ]
        : [];
    });
  }

  /** The same as a guardrail; nothing where no window is configured. */
  judge(at: number, places: readonly Place[]): GuardrailVerdict[] {
    if (this.windows.length === 0) {
      return [];
    }
    const active = this.activeAt(at, places);
    return active.length === 0
      ? [{ policy: POLICY, verdict: 'pass', text: 'No freeze is on then' }]
      : active.map(freeze => ({
          policy: POLICY,
          verdict: 'deny',
          text: describeFreeze(freeze),
        }));
  }
}

function concerns(
  { clusters, namespaces }: FreezeWindow,
  place: Place,
): boolean {
  return (
    (!clusters || clusters.includes(place.cluster)) &&
    (!namespaces || namespaces.includes(place.namespace ?? ''))
  );
}

/** `Freeze “Weekend” until Mon 30 Mar 2026, 06:00 Europe/Berlin` */
export function describeFreeze({ name, until }: ActiveFreeze): string {
  return `Freeze “${name}” until ${until}`;
}

/** What is wrong with a window, with the field; undefined when nothing is. */
export function findWindowProblem(window: FreezeWindow): string | undefined {
  const { timeZone, when } = window;
  if (!DateTime.local({ zone: timeZone }).isValid) {
    return 'timeZone: must be an IANA time zone such as Europe/Berlin';
  }
  if ('from' in when) {
    const from = DateTime.fromISO(when.from, { zone: timeZone });
    const to = DateTime.fromISO(when.to, { zone: timeZone });
    if (!from.isValid) return 'from: must be a time such as 2026-12-23T12:00';
    if (!to.isValid) return 'to: must be a time such as 2027-01-02T08:00';
    return from < to ? undefined : 'to: must be after from';
  }
  try {
    new CronTime(when.cron, timeZone).getNextDateFrom(new Date(), timeZone);
  } catch {
    return 'cron: must be a cron expression such as 0 16 * * 5';
  }
  const duration = Duration.fromISO(when.duration);
  return duration.isValid && duration.toMillis() > 0
    ? undefined
    : 'duration: must be an ISO 8601 duration such as P2DT14H';
}

/** When the window that is on at a time ends; undefined when it is off. */
function endOf(
  { timeZone, when }: FreezeWindow,
  at: number,
): DateTime | undefined {
  const now = DateTime.fromMillis(at, { zone: timeZone });
  if ('from' in when) {
    const from = DateTime.fromISO(when.from, { zone: timeZone });
    const to = DateTime.fromISO(when.to, { zone: timeZone });
    return from <= now && now < to ? to : undefined;
  }
  const duration = Duration.fromISO(when.duration);
  const cron = new CronTime(when.cron, timeZone);
  // A day more than the length: a clock that was put back makes a window an hour longer.
  let look = now.minus(duration).minus({ days: 1 });
  let end: DateTime | undefined;
  for (;;) {
    // Through milliseconds: the cron library brings typings of luxon of its own.
    const start = DateTime.fromMillis(
      cron.getNextDateFrom(look.toJSDate(), timeZone).toMillis(),
      { zone: timeZone },
    );
    if (start > now) {
      return end;
    }
    const stop = start.plus(duration);
    if (stop > now) {
      end = stop;
    }
    look = start;
  }
}
