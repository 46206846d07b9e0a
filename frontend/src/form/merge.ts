/** Two windows on one form laid together, field by field: what only one of them changed holds, what both changed is asked. */
export type Json = Record<string, unknown>;

export interface Merged {
  /** What the other window changed alone. */
  take: Json;
  /** The fields that both changed, each to something else. */
  both: string[];
}

/** `base` is what both began from. A field that the other window did not show is no change of it. */
export function merge(base: Json, mine: Json, theirs: Json): Merged {
  const take: Json = {};
  const both: string[] = [];
  for (const [key, value] of Object.entries(theirs)) {
    if (same(value, mine[key]) || same(value, base[key])) continue;
    if (same(mine[key], base[key])) take[key] = value;
    else both.push(key);
  }
  return { take, both };
}

/** Whether two values are alike to a reader: nothing, an empty text and an empty list are one. */
export function same(one: unknown, other: unknown): boolean {
  return plain(one) === plain(other);
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return "";
  return JSON.stringify(value, (_key, part) => (part && typeof part === "object" && !Array.isArray(part) ? sorted(part as Json) : part));
}

const sorted = (node: Json): Json => Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)));
