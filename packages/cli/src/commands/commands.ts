import { CommandName, CommandOptions } from '../arguments/options';
import { answerAuthz } from '../answers/answerAuthz';
import { answerExposure } from '../answers/answerExposure';
import { answerMtls } from '../answers/answerMtls';
import { answerResilience } from '../answers/answerResilience';
import { answerRoute } from '../answers/answerRoute';
import { answerSplit } from '../answers/answerSplit';
import { ExitCode, Terminal } from '../types';
import { analyze } from './analyze';
import { check } from './check';
import { auditPack } from './auditPack';
import { auditVerify } from './auditVerify';
import { explain } from './explain';
import { guard } from './guard';
import { test } from './test';
import { validate } from './validate';

type Command = (
  options: CommandOptions,
  terminal: Terminal,
) => ExitCode | Promise<ExitCode>;

/** All commands; one line each. */
export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  analyze,
  validate,
  check,
  guard,
  'explain mtls': explain(answerMtls),
  'explain route': explain(answerRoute),
  'explain authz': explain(answerAuthz),
  'explain split': explain(answerSplit),
  'explain exposure': explain(answerExposure),
  'explain resilience': explain(answerResilience),
  test,
  'audit verify': auditVerify,
  'audit pack': auditPack,
};
