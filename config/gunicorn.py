"""How gunicorn serves the pages; the address comes with its command line (`--bind`)."""

from pathlib import Path

from config.logs import log_settings
from config.start import environment

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  a file system in memory, not a place for files of ours

wsgi_app = "config.wsgi"
worker_class = "gthread"
workers = environment().web_processes
threads = environment().web_threads
# A worker that is stuck for so long is ended; one that is told to end may finish its requests. Both in seconds, and the
# second below processtree.GRACE_SECONDS.
timeout = 60
graceful_timeout = 20
# Longer than the 60 s for which proxies usually keep idle connections, so that it is they who close them.
keepalive = 65
# Whatever leaks is gone after so many requests, and not from all workers at once.
max_requests = 10_000
max_requests_jitter = 1_000
# On a disk that is busy, a worker's sign of life may come too late.
worker_tmp_dir = str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None
# Requests have a line in our own log, which names nobody (config/requests.py).
accesslog = None
logconfig_dict = log_settings(environment().log_form)
# Nobody needs to reach a running server but by signals.
control_socket_disable = True
