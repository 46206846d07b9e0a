/** One field's own checks in the browser, the same as app/forms/validate.py: trimmed, counted in code points. */
import type { Feel } from "./feel";

type Data = Record<string, unknown>;
type Translate = (text: string, values?: Record<string, string>) => string;
interface Checks {
  required?: boolean | string;
  minLength?: number | string;
  maxLength?: number | string;
  min?: number | string;
  max?: number | string;
  pattern?: string;
  patternErrorMessage?: string;
  validationType?: string;
}
export interface Field {
  id: string;
  type: string;
  key?: string;
  decimalDigits?: number;
  properties?: Record<string, string>;
  validate?: Checks;
}
interface Instance {
  id: string;
  expressionContextInfo: { data: Data; this: unknown; parent: unknown; i: number[] };
}

/** White space and the signs that print nothing: an answer of these alone is no answer. Kept equal to app/forms/texts.py. */
const BLANK = "[\\s\\u0085\\u00ad\\u180e\\u200b-\\u200f\\u2060-\\u2064\\u3164\\ufeff]+";
const EDGES = new RegExp(`^${BLANK}|${BLANK}$`, "gu");
/** Breaks, directions and what nobody sees; kept equal to app/forms/texts.py. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const [FIRST_YEAR, LAST_YEAR] = [1900, 2100];
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const PHONE = /^(\+|00)?[0-9][0-9 -]{5,22}[0-9]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export const trim = (text: string): string => text.replace(EDGES, "");
export const length = (text: string): number => [...trim(text)].length;

export function isEmpty(value: unknown, type = ""): boolean {
  if (value === null || value === undefined || (value === false && type === "checkbox")) return true;
  if (typeof value === "string") return trim(value) === "";
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && "name" in value && isEmpty((value as { name: unknown }).name);
}

/** GB 11643: seventeen digits, the check sign, and a date that exists. */
export function isIdCard(text: string): boolean {
  if (!/^[1-9][0-9]{16}[0-9Xx]$/.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  if ("10X98765432"[sum % 11] !== text[17].toUpperCase()) return false;
  return isDate(`${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`);
}

export function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export class Validator {
  static $inject = ["expressionLanguage", "formFieldRegistry", "translate"];

  constructor(
    private readonly feel: Feel,
    private readonly registry: { get(id: string): Field | undefined },
    private readonly translate: Translate,
  ) {}

  validateFieldInstance(instance: Instance, value: unknown): string[] {
    const field = this.registry.get(instance.id);
    return field ? this.faults(field, value, instance.expressionContextInfo) : [];
  }

  validateField(field: Field, value: unknown): string[] {
    return this.faults(field, value, { data: {}, this: {}, parent: null, i: [] });
  }

  private faults(field: Field, value: unknown, info: Instance["expressionContextInfo"]): string[] {
    const { data, ...special } = info;
    const context = { ...data, ...special };
    const checks = field.validate ?? {};
    const known = (given: unknown) => (this.feel.isExpression(given) ? this.feel.evaluate(given, context) : given);
    if (isEmpty(value, field.type)) return known(checks.required) === true ? [this.translate("This field is required.")] : [];
    if (typeof value === "string") return this.ofText(field, trim(value), known);
    if (typeof value === "number") return this.ofNumber(field, value, known);
    return [];
  }

  private ofText(field: Field, text: string, known: (given: unknown) => unknown): string[] {
    const { validate: checks = {}, properties = {}, type } = field;
    if (type !== "textarea" && HIDDEN.test(text)) {
      return [this.translate("This holds line breaks or invisible characters. Type it anew on one line.")];
    }
    const [least, most, size] = [known(checks.minLength), known(checks.maxLength), length(text)];
    if (typeof least === "number" && size < least) return [this.translate("At least {count} characters.", { count: `${least}` })];
    if (typeof most === "number" && size > most) return [this.translate("At most {count} characters.", { count: `${most}` })];
    if (checks.pattern && !matches(checks.pattern, text)) {
      return [checks.patternErrorMessage ?? this.translate("This is not in the form asked for.")];
    }
    if (checks.validationType === "email" && !EMAIL.test(text)) return [this.translate("This is no e-mail address.")];
    if (checks.validationType === "phone" && !PHONE.test(text)) return [this.translate("This is no telephone number.")];
    if (properties.type === "idcard" && !isIdCard(text)) return [this.translate("This identity number is not right; check each digit.")];
    const dated = /date(time)?$/.test(type);
    if (dated && !isDate(text)) return [this.translate("This is no date.")];
    const year = Number(text.slice(0, 4));
    if (dated && (year < FIRST_YEAR || year > LAST_YEAR)) {
      return [this.translate("The year must lie between {first} and {last}.", { first: `${FIRST_YEAR}`, last: `${LAST_YEAR}` })];
    }
    return [];
  }

  private ofNumber(field: Field, value: number, known: (given: unknown) => unknown): string[] {
    const [least, most] = [known(field.validate?.min), known(field.validate?.max)];
    if (typeof least === "number" && value < least) return [this.translate("Not less than {limit}.", { limit: `${least}` })];
    if (typeof most === "number" && value > most) return [this.translate("Not more than {limit}.", { limit: `${most}` })];
    const digits = field.decimalDigits;
    if (digits !== undefined && !(Math.abs(value * 10 ** digits - Math.round(value * 10 ** digits)) < 1e-6)) {
      return [this.translate("At most {count} decimal places.", { count: `${digits}` })];
    }
    return [];
  }
}

/** The server compiles the same pattern with RE2; one that a browser cannot read is left to the server. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}
