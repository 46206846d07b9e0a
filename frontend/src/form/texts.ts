/** What the form island says, in Chinese and English; form-js' own messages pass through the same table. */
export type Language = "zh" | "en";
export type Translate = (text: string, values?: Record<string, string>) => string;

const zh: Record<string, string> = {
  "This field is required.": "此项必填。",
  "At least {count} characters.": "至少 {count} 个字。",
  "At most {count} characters.": "最多 {count} 个字。",
  "This is not in the form asked for.": "格式不符合要求。",
  "This is no e-mail address.": "请输入有效的电子邮箱。",
  "This is no telephone number.": "请输入有效的电话号码。",
  "This identity number is not right; check each digit.": "身份证号码有误，请逐位核对。",
  "This is no date.": "日期有误。",
  "This holds line breaks or invisible characters. Type it anew on one line.": "此项含有换行或不可见字符，请在一行内重新填写。",
  "The year must lie between {first} and {last}.": "年份应在 {first} 年至 {last} 年之间。",
  "Not less than {limit}.": "不得小于 {limit}。",
  "Not more than {limit}.": "不得大于 {limit}。",
  "At most {count} decimal places.": "小数最多 {count} 位。",
  // form-js
  Search: "搜索",
  "Add new": "添加一行",
  "Remove tag": "删除",
  "Remove row {row}": "删除第 {row} 行",
  "No results": "没有匹配项",
  "Nothing to show.": "暂无内容。",
  "No content to show.": "暂无内容。",
  Increment: "增加",
  Decrement: "减少",
  "Expand all ({value})": "全部展开({value})",
  Collapse: "收起",
  "All values selected": "已全部选择",
  "Skip to search": "跳到搜索",
  "Field is required.": "此项必填。",
  // the island
  ": ": "：",
  " ({clause})": "（{clause}）",
  Submit: "提交",
  "Keep as draft": "存为草稿",
  "Please choose": "请选择",
  "Send (Ctrl+Enter)": "提交(Ctrl+Enter)",
  "Sending…": "正在提交…",
  "Draft saved at {time}": "草稿已于 {time} 保存",
  "Draft not saved: {why}": "草稿未能保存:{why}",
  "Saving…": "正在保存…",
  "Please look at {count} places:": "还有 {count} 处需要处理：",
  "This was not sent.": "未能提交。",
  "What you wrote is kept below and can be copied.": "您填写的内容已保留在下方，可复制。",
  "Copy what I wrote": "复制已填内容",
  "Copied.": "已复制。",
  "The server cannot be reached. What you wrote is still here; try again.": "暂时连不上服务器。内容仍保留在本页，请稍后再试。",
  "Something went wrong (code {status}). What you wrote is still here.": "出了点问题(代码 {status})。内容仍保留在本页。",
  "Name of the person who signs": "签名人姓名",
  "Your password": "登录密码",
  "Typing your name and password here signs this paper.": "在此填写本人姓名并输入登录密码，即为签名。",
  "Type your password to sign.": "请输入登录密码以完成签名。",
  "Choose files": "选择文件",
  "Remove {name}": "移除 {name}",
  "Uploading {name}…": "正在上传 {name}…",
  "{name} was not taken: {why}": "{name} 未能上传:{why}",
  "The form could not be shown.": "表单未能显示。",
};

export function translator(language: Language): Translate {
  return (text, values = {}) =>
    (language === "zh" ? (zh[text] ?? text) : text).replace(/{(\w+)}/g, (_, name) => values[name] ?? "");
}
