import { runApply } from './journeys/runApply';
import { serveTasks } from './serveTasks';

serveTasks(runApply);
