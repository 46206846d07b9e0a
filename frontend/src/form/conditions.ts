/** What is hidden, computed until nothing changes: a hidden field is absent for every other condition, as it is on the server. */
import type { Feel } from "./feel";
import { trim } from "./validator";

type Data = Record<string, unknown>;
interface Component {
  type: string;
  key?: string;
  path?: string;
  conditional?: { hide?: string };
  components?: Component[];
}
interface Scope {
  all: Data;
  own: Data;
  parent: Data | null;
  index: number[];
}

const isRecord = (value: unknown): value is Data => typeof value === "object" && value !== null && !Array.isArray(value);

/** Answers as FEEL sees them, on the server too: texts trimmed, blank ones null. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return trim(value) || null;
  if (Array.isArray(value)) return value.map(plain);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)])) : (value ?? null);
}

/** A copy of `own` without what is hidden; hidden keys hold null, so that no older value shines through. */
function keep(components: Component[], scope: Scope, feel: Feel, hiddenAbove: boolean): Data {
  const kept = plain(scope.own) as Data;
  for (const component of components) {
    const hidden = hiddenAbove || isHidden(component, scope, feel);
    if (component.type === "group") {
      Object.assign(kept, pick(keep(component.components ?? [], scope, feel, hidden), component));
    } else if (component.components) {
      keepBranch(kept, component, scope, feel, hidden);
    } else if (component.key && hidden) {
      kept[component.key] = null;
    }
  }
  return kept;
}

/** The keys that a group contributes; the rest of the scope is not its own. */
function pick(values: Data, group: Component): Data {
  const chosen: Data = {};
  for (const child of group.components ?? []) {
    if (child.type === "group") Object.assign(chosen, pick(values, child));
    const name = child.key ?? child.path;
    if (name && name in values) chosen[name] = values[name];
  }
  return chosen;
}

function keepBranch(kept: Data, component: Component, scope: Scope, feel: Feel, hidden: boolean): void {
  const name = component.path ?? component.key;
  if (!name) return;
  const value = scope.own[name];
  if (hidden) {
    kept[name] = null;
  } else if (Array.isArray(value)) {
    kept[name] = value.map((row, at) => keepRow(row, component, { ...scope, index: [...scope.index, at + 1] }, feel));
  }
}

function keepRow(row: unknown, component: Component, scope: Scope, feel: Feel): unknown {
  if (!isRecord(row)) return row;
  return keep(component.components ?? [], { ...scope, own: row, parent: scope.own }, feel, false);
}

function isHidden(component: Component, scope: Scope, feel: Feel): boolean {
  const hide = component.conditional?.hide;
  if (!hide) return false;
  const { all, own, parent, index } = scope;
  return feel.evaluateUnaryTest(hide, { ...all, this: own, parent, i: index });
}

export class Conditions {
  static $inject = ["formFieldRegistry", "expressionLanguage"];

  constructor(
    private readonly registry: { getForm(): Component },
    private readonly feel: Feel,
  ) {}

  /** form-js' entry: the data without hidden answers. Each round can only settle one more link of a chain. */
  applyConditions(data: Data, all: Data = data): Data {
    const components = this.registry.getForm()?.components ?? [];
    let view = all;
    for (let round = 0; round <= components.length + 1; round += 1) {
      const next = keep(components, { all: view, own: data, parent: null, index: [] }, this.feel, false);
      if (JSON.stringify(next) === JSON.stringify(view)) break;
      view = next;
    }
    return view;
  }

  check(condition: unknown, data: Data = {}): boolean {
    return this.feel.evaluateUnaryTest(condition, data);
  }
}
