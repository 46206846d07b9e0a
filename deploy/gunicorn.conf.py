"""gunicorn for the pages: `gunicorn --config deploy/gunicorn.conf.py "app.web.wsgi:application()"`."""

import os
import shutil
import tempfile

_figures = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", os.path.join(tempfile.gettempdir(), "duban-figures"))

from prometheus_client import multiprocess  # noqa: E402 - reads that variable when it is imported

bind = "127.0.0.1:8080"
worker_class = "gthread"
workers = int(os.environ.get("DUBAN_WEB_PROCESSES", "2"))
threads = 8
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094
limit_request_fields = 50
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"  # no address, no query: both may be personal
forwarded_allow_ips = "127.0.0.1"


def on_starting(_server):
    """Figures of an earlier start would be counted again."""
    shutil.rmtree(_figures, ignore_errors=True)
    os.makedirs(_figures, mode=0o700)


def child_exit(_server, worker):
    """A process that has ended is no longer counted among the living."""
    multiprocess.mark_process_dead(worker.pid)
