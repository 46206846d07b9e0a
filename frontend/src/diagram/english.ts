/** English names stand beside the Chinese ones in the same file (`duban:nameEn`); this puts them in place before drawing. */
interface Node {
  name?: string;
  $attrs?: Record<string, string>;
  [part: string]: unknown;
}

const PARTS = ["rootElements", "flowElements", "laneSets", "lanes", "participants", "artifacts"];

export function inEnglish(node: Node): void {
  const attributes = node.$attrs ?? {};
  const key = Object.keys(attributes).find((name) => name === "nameEn" || name.endsWith(":nameEn"));
  if (key && attributes[key]) node.name = attributes[key];
  for (const part of PARTS) {
    for (const child of (node[part] as Node[] | undefined) ?? []) inEnglish(child);
  }
}
