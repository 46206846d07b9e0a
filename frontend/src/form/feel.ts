/** FEEL in the browser as the server reads it: a condition is an expression, true or not; `today` and `now` are the server's. */
import { evaluate } from "@bpmn-io/feelin";

type Context = Record<string, unknown>;

const DATE = 10; // characters of YYYY-MM-DD

/** The instant of the server as FEEL values, so that a rehearsal's clock holds here too. */
function clock(now: string | undefined): Context {
  if (!now) return {};
  const today = evaluate(`date("${now.slice(0, DATE)}")`).value;
  const instant = evaluate(`date and time("${now}")`).value;
  return { today: () => today, now: () => instant };
}

export class Feel {
  static $inject = ["config.now"];
  private readonly clock: Context;

  constructor(now: string | undefined) {
    this.clock = clock(now);
  }

  isExpression(value: unknown): value is string {
    return typeof value === "string" && value.startsWith("=");
  }

  /** The variables are asked for by form-js' own tools only; the server knows them from `Form.reads`. */
  getVariableNames(): string[] {
    return [];
  }

  evaluate(expression: unknown, data: Context = {}): unknown {
    if (!this.isExpression(expression)) return null;
    try {
      return evaluate(expression.slice(1), { ...data, ...this.clock }).value ?? null;
    } catch {
      return null; // the server has refused forms whose FEEL does not compile
    }
  }

  /** form-js asks for a unary test; ours are plain expressions, so that both sides mean the same. */
  evaluateUnaryTest(expression: unknown, data: Context = {}): boolean {
    return this.evaluate(expression, data) === true;
  }
}
