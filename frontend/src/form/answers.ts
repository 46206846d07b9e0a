/** Answers as they leave the page: of the fields on the screen, trimmed of what form-js adds, never a password in a draft. */
import type { Translate } from "./texts";

type Json = Record<string, unknown>;
interface Field {
  id: string;
  type: string;
  key?: string;
  path?: string;
  label?: string;
  disabled?: boolean;
  values?: { label: string; value: unknown }[];
}
export interface Reader {
  get(name: "formFieldInstanceRegistry"): { getAllKeyed(): { id: string; valuePath: (string | number)[] }[] };
  get(name: "formFieldRegistry"): { get(id: string): Field; getAll(): Field[] };
  _getState(): { data: Json };
}

const at = (data: unknown, path: (string | number)[]): unknown =>
  path.reduce<unknown>((node, part) => (node as Json | null | undefined)?.[part], data);

function set(target: Json, path: (string | number)[], value: unknown): void {
  let node = target;
  path.slice(0, -1).forEach((part, index) => {
    node = (node[part] ??= typeof path[index + 1] === "number" ? [] : {}) as Json;
  });
  node[path[path.length - 1]] = value ?? null;
}

function visit(form: Reader, each: (field: Field, path: (string | number)[], value: unknown) => void): void {
  for (const { id, valuePath } of form.get("formFieldInstanceRegistry").getAllKeyed()) {
    const field = form.get("formFieldRegistry").get(id);
    if (!field.disabled) each(field, valuePath, at(form._getState().data, valuePath));
  }
}

/** Only fields that are on the screen: what is hidden is absent, as the server demands. */
export function answers(form: Reader): Json {
  const sent: Json = {};
  visit(form, (field, path, value) => {
    const empty = field.type === "duban-signature" && !(value as { name?: string } | null)?.name;
    set(sent, path, empty ? null : value);
  });
  return sent;
}

export function draft(form: Reader): Json {
  const kept: Json = {};
  visit(form, (field, path, value) => {
    if (field.type !== "duban-signature") set(kept, path, value);
  });
  return kept;
}

/** The answers as lines "label: words", for people to copy. */
export function asText(form: Reader, colon: string, nameOf: (id: string) => string): string {
  const lines: string[] = [];
  visit(form, (field, _path, value) => {
    if (field.type === "duban-signature" || value === null || value === undefined || value === "") return;
    const say = (one: unknown) => field.values?.find((option) => option.value === one)?.label ?? nameOf(String(one));
    lines.push(`${field.label ?? field.key}${colon}${Array.isArray(value) ? value.map(say).join("、") : say(value)}`);
  });
  return lines.join("\n");
}

/** A field's label and one value of it in words; of a list its rows. */
export function textOf(form: Reader, key: string, value: unknown, nameOf: (id: string) => string, say: Translate): [string, string] {
  const field = form.get("formFieldRegistry").getAll().find((one) => one.key === key || one.path === key);
  const word = (one: unknown): string => field?.values?.find((option) => option.value === one)?.label ?? nameOf(String(one));
  const text = (one: unknown): string =>
    one === null || one === undefined ? "" : typeof one === "object" ? Object.values(one).map(text).filter(Boolean).join(" ") : word(one);
  if (!Array.isArray(value)) return [field?.label || key, text(value)];
  const rows = value.map(text);
  const list = value.some((one) => one && typeof one === "object");
  return [field?.label || key, list ? say("{count} rows: {rows}", { count: `${rows.length}`, rows: rows.join("；") }) : rows.join("、")];
}
