"""Figures of this process for a monitoring system: how long requests take, by route and never by what they ask for."""

from __future__ import annotations

import os
import time
from typing import Any

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from app.jobs.health import Health

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SEVERAL = "PROMETHEUS_MULTIPROC_DIR"
"""Set by gunicorn's configuration: several processes share one folder of figures."""


def measure(app: Flask) -> None:
    """Take the time of each request of this application."""
    registry = CollectorRegistry()
    labels = ("route", "method", "status")
    taken = Histogram("duban_request_seconds", "Time a request takes.", labels, buckets=BUCKETS, registry=registry)
    app.extensions["figures"] = registry
    app.before_request(_begin)

    def end(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
        since = time.perf_counter() - g.get("begun", time.perf_counter())
        taken.labels(route, method, f"{response.status_code // 100}xx").observe(since)
        return response

    app.after_request(end)


def _begin() -> None:
    g.begun = time.perf_counter()


def registry_of_requests() -> CollectorRegistry:
    """The requests of this process, or of all that share a folder."""
    if os.environ.get(SEVERAL):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return registry
    own: CollectorRegistry = current_app.extensions["figures"]
    return own


class Figures:
    """The machinery's figures, as prometheus-client collects them."""

    def __init__(self, now: Health) -> None:
        self._now = now

    def collect(self) -> list[Metric]:
        now, zero = self._now, 0.0
        plain: list[tuple[str, str, Any]] = [
            ("duban_timers_due", "Timers due and not fired.", now.due),
            ("duban_timers_armed", "Timers that wait.", now.armed),
            ("duban_timer_lag_seconds", "How long the oldest due timer has waited.", now.lag.total_seconds() or zero),
            ("duban_letters_waiting", "Messages between cases that wait.", now.messages),
            ("duban_letters_dead", "Messages between cases that were given up.", now.dead_messages),
            ("duban_incidents", "Cases that could not go on.", now.incidents),
            ("duban_workers", "Workers with a fresh sign of life.", len(now.living)),
        ]
        found: list[Metric] = [GaugeMetricFamily(name, said, value=value) for name, said, value in plain]
        found.append(CounterMetricFamily("duban_journal_entries", "Entries of the journal.", value=now.entries))
        done = CounterMetricFamily("duban_done", "Timers fired and messages delivered since start.", labels=["worker"])
        for worker in now.living:
            done.add_metric([worker.name], worker.done)
        deliveries = GaugeMetricFamily("duban_deliveries", "Notices on their way.", labels=["channel", "state"])
        for (kind, state), number in sorted(now.deliveries.items()):
            deliveries.add_metric([kind, state], number)
        return [*found, done, deliveries]
