import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { createMatcher, parseNumber, parseString } from './literals';
import { buildAggregate, buildBinary } from './parseOperators';
import { buildMatrix, buildOffset } from './parseRanges';
import { childrenOf, type ParseContext } from './syntaxTree';
import { checkCall, FUNCTIONS, typeOf } from './signatures';
import {
  Expr,
  Matcher,
  PromqlExecutionError,
  PromqlParseError,
  VectorSelector,
} from './types';

/**
 * Parses PromQL by Prometheus' own grammar and checks its types.
 *
 * @throws PromqlParseError for what is not PromQL
 * @throws PromqlExecutionError for PromQL that this engine does not evaluate (subqueries, `@`, other functions)
 */
export function parsePromql(query: string): Expr {
  const tree = parser.parse(query);
  const context: ParseContext = {
    text: node => query.slice(node.from, node.to),
    build: node => buildExpr(node, context),
  };
  const cursor = tree.cursor();
  do {
    if (cursor.type.isError) {
      throw new PromqlParseError(describeError(query, cursor.from));
    }
  } while (cursor.next());
  const [root] = childrenOf(tree.topNode).filter(
    child => child.name !== 'LineComment',
  );
  if (!root) throw new PromqlParseError('no expression found in input');
  const expr = context.build(root);
  typeOf(expr);
  return expr;
}

function describeError(query: string, at: number): string {
  const before = query.slice(0, at).split('\n');
  const position = `${before.length}:${before[before.length - 1].length + 1}`;
  const rest = query.slice(at).trim();
  return rest
    ? `${position}: parse error: unexpected input at "${rest.slice(0, 20)}"`
    : `${position}: parse error: unexpected end of input`;
}

function buildExpr(node: SyntaxNode, context: ParseContext): Expr {
  switch (node.name) {
    case 'ParenExpr':
      return context.build(childrenOf(node)[0]);
    case 'NumberDurationLiteral':
      return { type: 'number', value: parseNumber(context.text(node)) };
    case 'StringLiteral':
      return { type: 'string', value: parseString(context.text(node)) };
    case 'VectorSelector':
      return buildSelector(node, context);
    case 'MatrixSelector':
      return buildMatrix(node, context);
    case 'OffsetExpr':
      return buildOffset(node, context);
    case 'UnaryExpr':
      return buildUnary(node, context);
    case 'FunctionCall':
      return buildCall(node, context);
    case 'AggregateExpr':
      return buildAggregate(node, context);
    case 'BinaryExpr':
      return buildBinary(node, context);
    default:
      throw new PromqlExecutionError(
        `the sandbox does not evaluate ${
          node.name === 'StepInvariantExpr' ? 'the @ modifier' : node.name
        }: ${context.text(node)}`,
      );
  }
}

function buildUnary(node: SyntaxNode, context: ParseContext): Expr {
  const [operator, operand] = childrenOf(node);
  const expr = context.build(operand);
  const type = typeOf(expr);
  if (type !== 'scalar' && type !== 'vector') {
    throw new PromqlParseError(
      `unary expression only allowed on expressions of type scalar or instant vector, got ${type}`,
    );
  }
  return {
    type: 'unary',
    op: context.text(operator) === '-' ? '-' : '+',
    expr,
  };
}

function buildCall(node: SyntaxNode, context: ParseContext): Expr {
  const [identifier, body] = childrenOf(node);
  const name = context.text(identifier);
  if (!FUNCTIONS[name]) {
    throw new PromqlExecutionError(
      `the sandbox does not evaluate the function ${name}`,
    );
  }
  const args = childrenOf(body).map(context.build);
  checkCall(name, args);
  return { type: 'call', name, args };
}

function buildSelector(
  node: SyntaxNode,
  context: ParseContext,
): VectorSelector {
  const matchers: Matcher[] = [];
  for (const child of childrenOf(node)) {
    if (child.name === 'Identifier') {
      matchers.push(createMatcher('__name__', '=', context.text(child)));
    } else if (child.name === 'LabelMatchers') {
      for (const matcher of childrenOf(child)) {
        matchers.push(buildMatcher(matcher, context));
      }
    }
  }
  const names = matchers.filter(
    matcher => matcher.label === '__name__' && matcher.op === '=',
  );
  if (names.length > 1) {
    throw new PromqlParseError(
      `metric name must not be set twice: "${names[0].value}" or "${names[1].value}"`,
    );
  }
  if (!matchers.some(rulesOutEmpty)) {
    throw new PromqlParseError(
      'vector selector must contain at least one non-empty matcher',
    );
  }
  return { type: 'vector', matchers, offsetMs: 0 };
}

/** A selector that every series could satisfy is refused, as in Prometheus. */
function rulesOutEmpty(matcher: Matcher): boolean {
  switch (matcher.op) {
    case '=':
      return matcher.value !== '';
    case '!=':
      return matcher.value === '';
    case '=~':
      return !matcher.regex!.test('');
    default:
      return matcher.regex!.test('');
  }
}

function buildMatcher(node: SyntaxNode, context: ParseContext): Matcher {
  if (node.name !== 'UnquotedLabelMatcher') {
    throw new PromqlExecutionError(
      `the sandbox does not evaluate quoted label names: ${context.text(node)}`,
    );
  }
  const [label, op, value] = childrenOf(node);
  const operator = context.text(op);
  if (!['=', '!=', '=~', '!~'].includes(operator)) {
    throw new PromqlParseError(`unexpected label matcher ${operator}`);
  }
  return createMatcher(
    context.text(label),
    operator as Matcher['op'],
    parseString(context.text(value)),
  );
}
