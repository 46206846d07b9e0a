/** What the Node tests need of the form island, without its page. */
export { Form } from "@bpmn-io/form-js-viewer";
export { agreement } from "../src/form/agreement";
export { answers } from "../src/form/answers";
export { DateField } from "../src/form/fields";
export { merge } from "../src/form/merge";
export { mount } from "../src/form/island";
export { inEnglish } from "../src/diagram/english";
