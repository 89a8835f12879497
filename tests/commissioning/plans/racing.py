"""Many at once: real connections, begun together, each taking the next piece of work."""

import itertools
import threading
from collections import Counter

from django.db import connection

from commissioning.kernel.errors import DomainError


def at_once(workers, attempts, deed):
    """Try `deed(number)` for every number below `attempts` over so many connections.

    Gives how often each thing came of it: "done", the sentence of a refusal, or the name of a
    fault.
    """
    numbers, begin = itertools.count(), threading.Barrier(workers)
    said = [Counter() for _ in range(workers)]

    def work(mine):
        connection.ensure_connection()
        begin.wait()
        while (number := next(numbers)) < attempts:
            mine[_outcome(deed, number)] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(one,)) for one in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(said, Counter())


def _outcome(deed, number):
    try:
        deed(number)
    except DomainError as refused:
        return str(refused)
    except Exception as fault:
        return type(fault).__name__
    return "done"
