import CircularProgress from '@material-ui/core/CircularProgress';
import Step from '@material-ui/core/Step';
import StepConnector from '@material-ui/core/StepConnector';
import StepLabel from '@material-ui/core/StepLabel';
import Stepper from '@material-ui/core/Stepper';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { Spoken, StatusShape, presentFullTime } from '../../../components';
import type {
  StatusShapeName,
  StatusTone,
} from '../../../components/StatusShape';
import {
  presentProgress,
  type ProgressStep,
  type StepStatus,
} from '../presentProgress';
import styles from './follow.module.css';

const ICON_SIZE = 16;

const LOOKS: Record<
  Exclude<StepStatus, 'running'>,
  { shape: StatusShapeName; tone: StatusTone }
> = {
  done: { shape: 'tick', tone: 'ok' },
  waiting: { shape: 'dash', tone: 'quiet' },
  failed: { shape: 'octagon', tone: 'bad' },
  unknown: { shape: 'question', tone: 'quiet' },
};

const WORDS: Record<StepStatus, string> = {
  done: 'done',
  running: 'under way',
  waiting: 'not yet',
  failed: 'stopped',
  unknown: 'unknown',
};

/** `14:21:07`, the clock time of a full time in UTC. */
function clockOf(iso: string): string {
  return presentFullTime(iso).replace(/^.*, | UTC$/g, '');
}

function StepIcon(props: { status: StepStatus }) {
  const { status } = props;
  if (status === 'running') {
    // The word beside it says the same to who cannot see it turn.
    return (
      <CircularProgress
        aria-hidden
        size={ICON_SIZE}
        thickness={5}
        disableShrink
        classes={{ root: styles.turning }}
      />
    );
  }
  return <StatusShape {...LOOKS[status]} size={ICON_SIZE} />;
}

function StepTime(props: { at: string }) {
  const { at } = props;
  return (
    <time className={styles.at} dateTime={at} title={presentFullTime(at)}>
      {clockOf(at)}
    </time>
  );
}

/** The step under way; a change that came to an end has none. */
function activeOf(steps: ProgressStep[]): number {
  return steps.findIndex(({ status }) => status === 'running');
}

/** The way of a change from the request to the traffic. */
export function ChangeSteps(props: { change: Change }) {
  const steps = presentProgress(props.change);
  return (
    <Stepper
      role="list"
      aria-label="Steps"
      orientation="vertical"
      nonLinear
      activeStep={activeOf(steps)}
      className={styles.steps}
      connector={
        <StepConnector
          role="presentation"
          classes={{ root: styles.between, line: styles.line }}
        />
      }
    >
      {steps.map(({ key, status, label, detail, at }, index) => (
        <Step
          key={key}
          role="listitem"
          data-step={key}
          data-status={status}
          aria-current={index === activeOf(steps) ? 'step' : undefined}
          completed={status === 'done'}
        >
          <StepLabel
            icon={<StepIcon status={status} />}
            error={status === 'failed'}
            classes={{
              root: styles.step,
              iconContainer: styles.icon,
              label: status === 'waiting' ? styles.waiting : styles.label,
              labelContainer: styles.labels,
            }}
            optional={
              at ? (
                <StepTime at={at} />
              ) : (
                detail && <span className={styles.detail}>{detail}</span>
              )
            }
          >
            {label}
            <Spoken>{`, ${WORDS[status]}`}</Spoken>
          </StepLabel>
        </Step>
      ))}
    </Stepper>
  );
}
