/** English names stand beside the Chinese ones in the same file (`duban:nameEn`); this puts them in place before drawing. */
interface Node {
  name?: string;
  $attrs?: Record<string, string>;
  [part: string]: unknown;
}

const PARTS = ["rootElements", "flowElements", "laneSets", "lanes", "participants", "artifacts"];

const LABEL = 90; // units; a Chinese label's box is too narrow for the English one

interface Bounds {
  x: number;
  width: number;
}
interface Shape {
  label?: { bounds?: Bounds };
}

/** Widens the boxes of names that stand beside their shapes, about their middle. */
export function widen(diagrams: { plane?: { planeElement?: Shape[] } }[] = []): void {
  for (const shape of diagrams.flatMap((diagram) => diagram.plane?.planeElement ?? [])) {
    const bounds = shape.label?.bounds;
    if (!bounds || bounds.width >= LABEL) continue;
    bounds.x -= (LABEL - bounds.width) / 2;
    bounds.width = LABEL;
  }
}

export function inEnglish(node: Node): void {
  const attributes = node.$attrs ?? {};
  const key = Object.keys(attributes).find((name) => name === "nameEn" || name.endsWith(":nameEn"));
  if (key && attributes[key]) node.name = attributes[key];
  for (const part of PARTS) {
    for (const child of (node[part] as Node[] | undefined) ?? []) inEnglish(child);
  }
}
