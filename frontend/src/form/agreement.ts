/** The three services of form-js that must say what the server says; node tests import this and nothing of the page. */
import { Conditions } from "./conditions";
import { Feel } from "./feel";
import { Validator } from "./validator";

export const agreement = {
  expressionLanguage: ["type", Feel],
  conditionChecker: ["type", Conditions],
  validator: ["type", Validator],
};
