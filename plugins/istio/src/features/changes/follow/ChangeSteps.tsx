import type { Change } from '@istio-backstage/plugin-istio-common';
import { StatusShape, presentFullTime } from '../../../components';
import type {
  StatusShapeName,
  StatusTone,
} from '../../../components/StatusShape';
import { presentProgress, type StepStatus } from '../presentProgress';
import { Spoken } from '../preview/Spoken';
import styles from './follow.module.css';

const LOOKS: Record<
  StepStatus,
  { shape: StatusShapeName; tone: StatusTone; word: string }
> = {
  done: { shape: 'tick', tone: 'ok', word: 'done' },
  running: { shape: 'progress', tone: 'info', word: 'under way' },
  waiting: { shape: 'dash', tone: 'quiet', word: 'not yet' },
  failed: { shape: 'octagon', tone: 'bad', word: 'stopped' },
  unknown: { shape: 'question', tone: 'quiet', word: 'unknown' },
};

/** `14:21:07`, the clock time of a full time in UTC. */
function clockOf(iso: string): string {
  return presentFullTime(iso).replace(/^.*, | UTC$/g, '');
}

/** The way of a change from the request to the traffic. */
export function ChangeSteps(props: { change: Change }) {
  return (
    <ol className={styles.steps}>
      {presentProgress(props.change).map(step => {
        const { shape, tone, word } = LOOKS[step.status];
        return (
          <li
            key={step.key}
            data-step={step.key}
            data-status={step.status}
            className={step.status === 'waiting' ? styles.waiting : undefined}
          >
            <StatusShape shape={shape} tone={tone} size={16} />
            <span>
              {step.label}
              <Spoken>{`, ${word}`}</Spoken>
            </span>
            {step.at && (
              <time
                className={styles.at}
                dateTime={step.at}
                title={presentFullTime(step.at)}
              >
                {clockOf(step.at)}
              </time>
            )}
          </li>
        );
      })}
    </ol>
  );
}
