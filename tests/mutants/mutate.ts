/**
 * All small changes of a source file that its tests ought to notice, made from its syntax tree.
 *
 * Comments, types and the texts of errors are left unchanged, as are texts put together.
 *
 * @module
 */

import ts from "typescript";

/** A changed source file. */
export interface Mutant {
  /** The line of the change, from 1. */
  readonly line: number;
  /** In which function or constant it is, and the code around it before and after. */
  readonly change: string;
  /** The whole file, changed. */
  readonly text: string;
}

/**
 * What an operator is changed to, one after the other: another direction first, then another
 * boundary.
 */
const OPERATORS = new Map<string, readonly string[]>(Object.entries({
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "**": ["*"],
  "<": [">=", "<="],
  "<=": [">", "<"],
  ">": ["<=", ">="],
  ">=": ["<", ">"],
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "&": ["|"],
  "|": ["&"],
  "^": ["|"],
  "<<": [">>"],
  ">>>": ["<<", ">>"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
  "^=": ["|="],
}));

/** What a function is changed to. */
const FUNCTIONS = new Map<string, string>(Object.entries({
  "Math.floor": "Math.ceil",
  "Math.max": "Math.min",
  "Math.min": "Math.max",
}));

/** What a matrix's property is changed to, beside the matrix itself. */
const PROPERTIES = new Map<string, readonly string[]>(Object.entries({
  transposed: [],
  rowSums: ["columnSums"],
  columnSums: ["rowSums"],
  columnMaxima: ["columnSums"],
}));

/** The longest piece of code that is shown around a change. */
const WIDTH = 90;

/** Every mutant of a file, in the order of the source. */
export function mutantsOf(text: string): Mutant[] {
  const source = ts.createSourceFile("source.ts", text, ts.ScriptTarget.ESNext, true);
  const mutants: Mutant[] = [];
  const put = (node: ts.Node, replacement: string) => {
    if (replacement === node.getText(source)) return;
    const [start, end] = [node.getStart(source), node.end];
    const shown = context(node, source);
    const [from, to] = [shown.getStart(source), shown.end];
    const after = text.slice(from, start) + replacement + text.slice(end, to);
    mutants.push({
      line: source.getLineAndCharacterOfPosition(start).line + 1,
      change: `${place(node)}: ${difference(text.slice(from, to), after)}`,
      text: text.slice(0, start) + replacement + text.slice(end),
    });
  };
  const visit = (node: ts.Node) => {
    if (isLeftAlone(node)) return;
    change(node, source, put);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

/** Puts instead of a node, or of its parts, all that it may be changed to. */
function change(
  node: ts.Node,
  source: ts.SourceFile,
  put: (node: ts.Node, replacement: string) => void,
): void {
  const text = node.getText(source);
  if (ts.isBinaryExpression(node)) {
    for (const other of OPERATORS.get(node.operatorToken.getText(source)) ?? []) {
      put(node.operatorToken, other);
    }
  } else if (ts.isPrefixUnaryExpression(node)) {
    const operand = node.operand.getText(source);
    if (text.startsWith("++")) put(node, `--${operand}`);
    else if (text.startsWith("--")) put(node, `++${operand}`);
    else put(node, operand);
  } else if (ts.isPostfixUnaryExpression(node)) {
    put(node, text.endsWith("++") ? text.replace("++", "--") : text.replace("--", "++"));
  } else if (ts.isNumericLiteral(node)) {
    for (const other of new Set([Number(node.text) + 1, Number(node.text) - 1])) {
      // beside a number so great its neighbours are itself
      put(node, other === Number(node.text) ? "0" : `(${other})`);
    }
  } else if (ts.isBigIntLiteral(node)) {
    put(node, `${BigInt(node.text.slice(0, -1)) + 1n}n`);
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
    put(node, "false");
  } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
    put(node, "true");
  } else if (ts.isElementAccessExpression(node) && !ts.isNumericLiteral(node.argumentExpression)) {
    put(node.argumentExpression, `${node.argumentExpression.getText(source)} + 1`);
  } else if (ts.isIfStatement(node)) {
    put(node.expression, "true");
    put(node.expression, "false");
  } else if (ts.isConditionalExpression(node)) {
    put(node.condition, "true");
    put(node.condition, "false");
  } else if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
    put(node, ";");
  } else if (ts.isStringLiteral(node)) {
    if (node.text !== "") put(node, `""`);
  } else if (ts.isArrayLiteralExpression(node)) {
    const [first, second, ...rest] = node.elements.map((element) => element.getText(source));
    if (second !== undefined && second !== first) put(node, `[${[second, first, ...rest]}]`);
  } else if (ts.isPropertyAccessExpression(node)) {
    const other = FUNCTIONS.get(text), others = PROPERTIES.get(node.name.text);
    if (other !== undefined) put(node, other);
    if (others !== undefined) put(node, node.expression.getText(source));
    for (const other of others ?? []) put(node.name, other);
  } else if (ts.isCallExpression(node)) {
    changeCall(node, source, put);
  }
}

/**
 * A method is not called, or its first two arguments are swapped, which changes nothing in Math's
 * functions of two.
 */
function changeCall(
  { expression: callee, arguments: given }: ts.CallExpression,
  source: ts.SourceFile,
  put: (node: ts.Node, replacement: string) => void,
): void {
  const call = callee.parent;
  const [first, second] = given.map((argument) => argument.getText(source));
  if (ts.isPropertyAccessExpression(callee) && !ts.isExpressionStatement(call.parent)) {
    const object = callee.expression.getText(source);
    // of a class or a global such as Math nothing would be left that computes
    if (!/^[A-Z]\w*$/.test(object) || object.length === 1) put(call, object);
  }
  if (callee.getText(source).startsWith("Math.")) return;
  if (
    second !== undefined && second !== first &&
    given.slice(0, 2).every((argument) => ts.isIdentifier(argument))
  ) {
    const changed = [second, first, ...given.slice(2).map((argument) => argument.getText(source))];
    put(call, `${callee.getText(source)}(${changed.join(", ")})`);
  }
}

function isLeftAlone(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) || ts.isTemplateExpression(node) || isSum(node) ||
    ts.isStringLiteral(node) && (isKey(node) || ts.isNewExpression(node.parent));
}

/** Whether a node is texts put together. */
function isSum(node: ts.Node): boolean {
  const isText = (part: ts.Node): boolean =>
    ts.isStringLiteralLike(part) || ts.isTemplateExpression(part) || isSum(part);
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    (isText(node.left) || isText(node.right));
}

/** Whether a text is the name of a property: `{ "W1'": … }`. */
function isKey(node: ts.StringLiteral): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node;
}

/** The name of the function, method or constant of the file in which a node is. */
function place(node: ts.Node): string {
  for (let at = node; !ts.isSourceFile(at.parent); at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return "constructor";
    if (ts.isClassElement(at) || ts.isFunctionDeclaration(at)) return nameOf(at);
  }
  let outermost = node;
  while (!ts.isSourceFile(outermost.parent)) outermost = outermost.parent;
  if (ts.isVariableStatement(outermost)) return nameOf(outermost.declarationList.declarations[0]!);
  return nameOf(outermost as ts.Statement & { readonly name?: ts.Node });
}

function nameOf({ name }: { readonly name?: ts.Node }): string {
  return name?.getText() ?? "file";
}

/** The largest piece of code around a node that fits into a line. */
function context(node: ts.Node, source: ts.SourceFile): ts.Node {
  const { parent } = node;
  if (parent === undefined || ts.isSourceFile(parent)) return node;
  const text = parent.getText(source);
  return text.length > WIDTH || text.includes("\n") ? node : context(parent, source);
}

/** Code before and after, each in one line, cut to what is around the difference. */
function difference(before: string, after: string): string {
  let same = 0;
  while (before[same] === after[same]) same++;
  const from = same > WIDTH ? same - WIDTH / 2 : 0;
  const show = (code: string) => code.slice(from, from + 2 * WIDTH).replaceAll(/\s+/g, " ");
  return `${show(before)} → ${show(after)}`;
}
