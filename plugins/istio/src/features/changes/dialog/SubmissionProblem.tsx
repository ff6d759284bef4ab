import { Note } from '../../../components';
import { sentNothing, type Problem } from '../describeProblem';
import { sentences } from '../presentWords';

const TITLES: Record<Problem['kind'], string> = {
  conflict: 'Somebody else changed it.',
  forbidden: 'Denied.',
  signedOut: 'You are signed out.',
  notFound: 'Not found.',
  invalid: 'The request was refused.',
  unavailable: 'Not possible right now.',
  failed: 'The answer was lost.',
};

const NEXT: Partial<Record<Problem['kind'], string>> = {
  forbidden:
    'Nothing was changed. The try is in the log. Ask the owner of the component or the platform team for the right that is missing.',
  signedOut: 'Nothing was changed. Sign in in another tab and apply again.',
  notFound: 'Nothing was changed.',
  invalid: 'Nothing was changed.',
  unavailable:
    'Nothing was sent. What you typed stays here, apply again later.',
  failed:
    'The change may or may not have been sent. Look in Changes before you apply again.',
};

/** Why a submission came to nothing, and what to do; everything typed stays. */
export function SubmissionProblem(props: { problem: Problem }) {
  const { problem } = props;
  return (
    <div role="alert">
      <Note tone={sentNothing(problem) ? 'bad' : 'warn'}>
        <strong>{TITLES[problem.kind]}</strong>{' '}
        {sentences(problem.message, NEXT[problem.kind])}
      </Note>
    </div>
  );
}
