"""What managers look at: cases in flight with their colours, incidents, lateness, rates, times. It only reads."""

from app.monitor.board import BoardQuery, counts, groups, listed
from app.monitor.colours import Marks, marks_of
from app.monitor.incidents import incidents
from app.monitor.lateness import overdue
from app.monitor.positions import positions
from app.monitor.rates import rates
from app.monitor.scope import Period
from app.monitor.times import times

__all__ = [
    "BoardQuery",
    "Marks",
    "Period",
    "counts",
    "groups",
    "incidents",
    "listed",
    "marks_of",
    "overdue",
    "positions",
    "rates",
    "times",
]
