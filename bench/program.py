"""What the Python programs of compare.ts have in common: what they report, as their last line."""
import json
import os
import resource
import time


def since_start():
    """Milliseconds since compare.ts started this process."""
    return 1000 * (time.time() - float(os.environ["BENCH_START"]))


def report(seconds, version, first_step=None):
    """Prints the seconds of a step, the version of the library and the peak memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    figures = {"seconds": seconds, "version": version, "peakMB": peak}
    if first_step is not None:
        figures["firstStep"] = first_step
    print(json.dumps(figures))
