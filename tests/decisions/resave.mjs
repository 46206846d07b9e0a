// Reads DMN files as a table editor does and writes them anew: {name: xml} in, {name: {xml, warnings}} out.
import { pathToFileURL } from "node:url";

const { DmnModdle } = await import(pathToFileURL(process.argv[2]));
let text = "";
for await (const part of process.stdin) text += part;
const told = {};
for (const [name, xml] of Object.entries(JSON.parse(text))) {
  const moddle = new DmnModdle();
  const { rootElement, warnings } = await moddle.fromXML(xml, "dmn:Definitions");
  const written = await moddle.toXML(rootElement, { format: true });
  told[name] = { xml: written.xml, warnings: warnings.map((one) => one.message) };
}
process.stdout.write(JSON.stringify(told));
