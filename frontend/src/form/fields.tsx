/** The field types that form-js lacks: a date typed as on a phone, a signature, uploaded files. */
import { Description, Errors, Label } from "@bpmn-io/form-js-viewer";
import { useState } from "preact/hooks";
import type { Translate } from "./texts";

interface Props<Value> {
  field: {
    id: string;
    key: string;
    label?: string;
    description?: string;
    validate?: { required?: boolean };
    values?: { value: string | number | boolean; label: string }[];
  };
  domId: string;
  value: Value;
  errors?: string[];
  disabled?: boolean;
  readonly?: boolean;
  onBlur?: () => void;
  onFocus?: () => void;
  onChange: (update: { value: Value }) => void;
}
export interface Signature {
  name: string;
  password: string;
}
export interface Uploads {
  names: Map<string, string>;
  send: (field: string, file: File) => Promise<{ id: string; name: string }>;
}

const classes = (type: string, errors: string[]) =>
  `fjs-form-field fjs-form-field-${type}${errors.length ? " fjs-has-errors" : ""}`;

export function DateField({ field, domId, value, errors = [], disabled, readonly, onBlur, onFocus, onChange }: Props<string | null>) {
  return (
    <div class={classes("date", errors)}>
      <Label htmlFor={domId} label={field.label} required={field.validate?.required === true} />
      <input
        class="duban-date"
        type="date"
        id={domId}
        value={value ?? ""}
        disabled={disabled}
        readOnly={readonly}
        aria-invalid={errors.length > 0}
        aria-describedby={`${domId}-error-message`}
        onBlur={onBlur}
        onFocus={onFocus}
        onInput={(event) => onChange({ value: (event.target as HTMLInputElement).value || null })}
      />
      <Description description={field.description} />
      <Errors id={`${domId}-error-message`} errors={errors} />
    </div>
  );
}
DateField.config = config("duban-date", null);

/** A select as the machine knows it: on a phone the wheel, everywhere the first letter. */
export function selectField(say: Translate) {
  function SelectField({ field, domId, value, errors = [], disabled, readonly, onBlur, onFocus, onChange }: Props<unknown>) {
    const options = field.values ?? [];
    const chosen = options.findIndex((option) => option.value === value);
    return (
      <div class={classes("select", errors)}>
        <Label htmlFor={domId} label={field.label} required={field.validate?.required === true} />
        <select
          class="duban-select"
          id={domId}
          value={chosen}
          disabled={disabled || readonly}
          aria-invalid={errors.length > 0}
          aria-describedby={`${domId}-error-message`}
          onBlur={onBlur}
          onFocus={onFocus}
          onChange={(event) => onChange({ value: options[Number((event.target as HTMLSelectElement).value)]?.value ?? null })}
        >
          <option value={-1}>{say("Please choose")}</option>
          {options.map((option, at) => (
            <option key={at} value={at}>{option.label}</option>
          ))}
        </select>
        <Description description={field.description} />
        <Errors id={`${domId}-error-message`} errors={errors} />
      </div>
    );
  }
  SelectField.config = config("duban-select", null);
  return SelectField;
}

interface Part {
  id: string;
  type: string;
  label: string;
  complete: string;
  value: string;
  errorId?: string;
  disabled?: boolean;
  onBlur?: () => void;
  onFocus?: () => void;
  onInput: (text: string) => void;
}

function SignaturePart({ id, type, label, complete, value, errorId, disabled, onBlur, onFocus, onInput }: Part) {
  return (
    <div>
      <label class="label" for={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        autocomplete={complete}
        aria-invalid={errorId !== undefined}
        aria-describedby={errorId}
        disabled={disabled}
        onBlur={onBlur}
        onFocus={onFocus}
        onInput={(event) => onInput((event.target as HTMLInputElement).value)}
      />
    </div>
  );
}

export function signatureField(say: Translate) {
  function SignatureField({ field, domId, value, errors = [], disabled, onBlur, onFocus, onChange }: Props<Signature | null>) {
    const now = value ?? { name: "", password: "" };
    const part = (name: keyof Signature, type: string, label: string, complete: string) => (
      <SignaturePart id={name === "name" ? domId : `${domId}-${name}`} {...{ type, label, complete, disabled, onBlur, onFocus }} value={now[name]} errorId={errors.length ? `${domId}-error-message` : undefined} onInput={(text) => onChange({ value: { ...now, [name]: text } })} />
    );
    return (
      <div class={classes("signature", errors)} role="group" aria-label={field.label}>
        <Label label={field.label} required={field.validate?.required === true} />
        <div class="duban-sign">
          <p>{say("Typing your name and password here signs this paper.")}</p>
          {part("name", "text", say("Name of the person who signs"), "name")}
          {part("password", "password", say("Your password"), "current-password")}
        </div>
        <Description description={field.description} />
        <Errors id={`${domId}-error-message`} errors={errors} />
      </div>
    );
  }
  SignatureField.config = config("duban-signature", null);
  return SignatureField;
}

interface Taking {
  say: Translate;
  uploads: Uploads;
  setNote: (words: string) => void;
  keep: (ids: string[]) => void;
}

/** Sends the chosen files one by one; what was taken stays even if a later one is refused. */
async function takeFiles(input: HTMLInputElement, key: string, ids: string[], { say, uploads, setNote, keep }: Taking): Promise<void> {
  let taken = ids;
  for (const file of input.files ?? []) {
    setNote(say("Uploading {name}…", { name: file.name }));
    try {
      const { id, name } = await uploads.send(key, file);
      uploads.names.set(id, name);
      taken = [...taken, id];
      keep(taken);
      setNote("");
    } catch (error) {
      setNote(say("{name} was not taken: {why}", { name: file.name, why: (error as Error).message }));
    }
  }
  input.value = "";
}

export function fileField(say: Translate, uploads: Uploads) {
  function FileField({ field, domId, value, errors = [], disabled, onBlur, onFocus, onChange }: Props<string[] | null>) {
    const [note, setNote] = useState("");
    const ids = value ?? [];
    const nameOf = (id: string) => uploads.names.get(id) ?? id;
    const take = (event: Event) => takeFiles(event.target as HTMLInputElement, field.key, ids, { say, uploads, setNote, keep: (taken) => onChange({ value: taken }) });
    return (
      <div class={classes("file", errors)}>
        <Label htmlFor={domId} label={field.label} required={field.validate?.required === true} />
        <div class="duban-file">
          <input type="file" id={domId} multiple disabled={disabled} onBlur={onBlur} onFocus={onFocus} onChange={(event) => void take(event)} aria-invalid={errors.length > 0} aria-describedby={`${domId}-error-message`} />
          <label class="button button-small" for={domId}>{say("Choose files")}</label>
          <p class="hint" role="status">{note}</p>
          <ul>
            {ids.map((id) => (
              <li key={id}>
                <span>{nameOf(id)}</span>
                <button type="button" class="button button-quiet button-small" disabled={disabled} aria-label={say("Remove {name}", { name: nameOf(id) })} onClick={() => onChange({ value: ids.filter((other) => other !== id) })}>✕</button>
              </li>
            ))}
          </ul>
        </div>
        <Description description={field.description} />
        <Errors id={`${domId}-error-message`} errors={errors} />
      </div>
    );
  }
  FileField.config = config("duban-file", null);
  return FileField;
}

function config(type: string, emptyValue: null) {
  return { type, keyed: true, name: type, group: "basic-input", emptyValue, create: (options = {}) => ({ ...options }) };
}
