"""What happens by itself: due timers fire, messages are delivered, each in a transaction of its own."""

from app.jobs.days import import_days
from app.jobs.messages import deliver, deliver_all, hand_in
from app.jobs.sweeping import clear_drafts, sweep
from app.jobs.timers import fire, next_due

__all__ = ["clear_drafts", "deliver", "deliver_all", "fire", "hand_in", "import_days", "next_due", "sweep"]
