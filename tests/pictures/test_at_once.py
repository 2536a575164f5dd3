"""Pictures that several readers ask for at once."""

import subprocess
import sys

AT_ONCE = """
import sys, threading, time
from importlib.abc import MetaPathFinder

import altair, vl_convert
from assay.domain.what_if import Estimate
from assay.pictures import what_if

begun = threading.Event()

class Slowly(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "numpy._core":
            begun.set()
            time.sleep(1)

sys.meta_path.insert(0, Slowly())
other = threading.Thread(target=__import__, args=["numpy"])
other.start()
assert begun.wait(10)
drawn = what_if([("Today", Estimate(2.0, 1.0, 4.0))]).render()
other.join()
sys.stdout.write(drawn[:4].decode())
"""


def test_one_is_drawn_while_another_thread_still_loads_what_it_needs():
    done = subprocess.run([sys.executable, "-c", AT_ONCE], check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("<svg", "")
