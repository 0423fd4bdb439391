"""What gunicorn runs."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interlocal.web.settings")
application = get_wsgi_application()
# Reading the addresses imports every view: half a second that no visitor shall wait for.
get_resolver().check()
# What is loaded now stays: to look for rubbish in it again and again would stop a page for a tenth of a second.
gc.collect()
gc.freeze()
