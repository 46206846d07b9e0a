/** The words round a diagram: legend, buttons, and the text that says for a listener what the colours say to the eye. */
export interface Marks {
  done?: string[];
  current?: string[];
  next?: string[];
  late?: string[];
}
export type Say = (text: string) => string;

const zh: Record<string, string> = {
  "Diagram of this case": "本案流程图",
  Smaller: "缩小",
  Larger: "放大",
  Whole: "全图",
  done: "已办",
  current: "正在办",
  late: "超期",
  next: "下一步",
  "cases stand here": "有案件在此",
  "some of them late": "其中有超期",
  none: "无案件",
  "The same in words": "文字说明",
};

export function words(english: boolean): Say {
  return (text) => (english ? text : (zh[text] ?? text));
}

const KINDS = ["done", "current", "late", "next"] as const;

export function legend(marks: Marks, say: Say): HTMLElement {
  const list = document.createElement("ul");
  list.className = "legend";
  for (const kind of KINDS) {
    if (!marks[kind]?.length) continue;
    const item = document.createElement("li");
    item.className = `legend-${kind}`;
    item.textContent = say(kind);
    list.append(item);
  }
  return list;
}

export function textOf(marks: Marks, nameOf: (id: string) => string, say: Say): HTMLElement {
  const box = document.createElement("details");
  box.className = "diagram-text";
  const head = document.createElement("summary");
  head.textContent = say("The same in words");
  const list = document.createElement("dl");
  list.className = "pairs";
  for (const kind of KINDS) {
    const names = [...new Set((marks[kind] ?? []).map(nameOf).filter(Boolean))];
    if (!names.length) continue;
    const [term, text] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = say(kind);
    text.textContent = names.join(" · ");
    list.append(term, text);
  }
  box.append(head, list);
  return box;
}
