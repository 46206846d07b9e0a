"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from app.errors import words

from ..arithmetic import POWER_COST
from ..run import Run
from ..values import NUMBERS, Months, NoValue, Value
from .registry import builtin

MIN_SCALE, MAX_SCALE = -6111, 6176
ZERO = Decimal(0)


def rounded(value: Decimal, scale: Decimal, mode: str) -> Decimal:
    """Return the number with so many digits after the point; raises NoValue for a scale outside -6111 to 6176."""
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise NoValue(words("{digits} digits cannot be rounded to", digits=str(scale)))
    digits = int(scale)
    if digits == 0:
        return value.to_integral_value(mode, NUMBERS)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return value
    return value.quantize(Decimal(1).scaleb(-digits), rounding=mode, context=NUMBERS)


@builtin("decimal", "n: number, scale: number")
def decimal(run: Run, value: Decimal, scale: Decimal) -> Decimal:
    """Rounded half to even."""
    return rounded(value, scale, ROUND_HALF_EVEN)


@builtin("floor", "n: number, scale?: number")
def floor(run: Run, value: Decimal, scale: Decimal = ZERO) -> Decimal:
    """Rounded towards minus infinity."""
    return rounded(value, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number, scale?: number")
def ceiling(run: Run, value: Decimal, scale: Decimal = ZERO) -> Decimal:
    """Rounded towards plus infinity."""
    return rounded(value, scale, ROUND_CEILING)


@builtin("round up", "n: number, scale: number")
def round_up(run: Run, value: Decimal, scale: Decimal) -> Decimal:
    """Rounded away from zero."""
    return rounded(value, scale, ROUND_UP)


@builtin("round down", "n: number, scale: number")
def round_down(run: Run, value: Decimal, scale: Decimal) -> Decimal:
    """Rounded towards zero."""
    return rounded(value, scale, ROUND_DOWN)


@builtin("round half up", "n: number, scale: number")
def round_half_up(run: Run, value: Decimal, scale: Decimal) -> Decimal:
    """Rounded to the nearest, halves away from zero."""
    return rounded(value, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number, scale: number")
def round_half_down(run: Run, value: Decimal, scale: Decimal) -> Decimal:
    """Rounded to the nearest, halves towards zero."""
    return rounded(value, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number|days and time duration|years and months duration")
def absolute(run: Run, value: Value) -> Value:
    """Without its sign; of durations too."""
    if isinstance(value, Months):
        return Months(abs(value.months))
    return abs(value) if isinstance(value, timedelta) else NUMBERS.abs(value)


@builtin("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """The rest of a division, with the sign of the divisor."""
    if divisor == 0:
        raise NoValue(words("A division by zero has no result"))
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number: number")
def sqrt(run: Run, value: Decimal) -> Decimal:
    """The square root; null for a negative number."""
    return NUMBERS.sqrt(value)


@builtin("log", "number: number")
def log(run: Run, value: Decimal) -> Decimal:
    """The natural logarithm; null unless positive."""
    if value <= 0:
        raise NoValue(words("Only a positive number has a logarithm"))
    run.burn(POWER_COST)
    return NUMBERS.ln(value)


@builtin("exp", "number: number")
def exp(run: Run, value: Decimal) -> Decimal:
    """e to this power."""
    run.burn(POWER_COST)
    return NUMBERS.exp(value)


@builtin("odd", "number: number")
def odd(run: Run, value: Decimal) -> bool:
    """Whether a whole number is odd."""
    return abs(NUMBERS.remainder_near(value, Decimal(2))) == 1


@builtin("even", "number: number")
def even(run: Run, value: Decimal) -> bool:
    """Whether a whole number is even."""
    return NUMBERS.remainder_near(value, Decimal(2)) == 0
