"""Forms: what a person may submit at one task, by form-js schemas; server and browser say the same. Pure."""

from .model import Field, Form, Option, Rule
from .present import opening, present
from .samples import samples
from .schema import read
from .texts import Said
from .validate import validate

__all__ = ["Field", "Form", "Option", "Rule", "Said", "opening", "present", "read", "samples", "validate"]
