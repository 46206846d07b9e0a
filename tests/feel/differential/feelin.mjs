// Evaluates expressions with @bpmn-io/feelin: reads {context, expressions} as JSON, writes one result an expression.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { evaluate } = await import(pathToFileURL(process.argv[2]));
const { context, expressions } = JSON.parse(readFileSync(0, 'utf8'));

function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'function' || value.parameterNames) return { function: true };
  if (value.isLuxonDateTime || value.isLuxonDuration) return { temporal: evaluate('string(v)', { v: value }).value };
  if ('start included' in Object(value)) {
    return { range: [plain(value.start), plain(value.end), value['start included'], value['end included']] };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') return { context: Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)])) };
  if (typeof value === 'number') return Number.isFinite(value) ? { number: value } : null;
  return value;
}

function result(expression) {
  try {
    return plain(evaluate(expression, context).value);
  } catch (error) {
    return { refused: true };
  }
}

process.stdout.write(JSON.stringify(expressions.map(result)));
