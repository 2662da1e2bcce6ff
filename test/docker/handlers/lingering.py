"""`python -m lingering MODULE` calls `main` of the module and then stays until it is killed.

A process that ends allows a second for its last spans. This one allows as long as the machine needs.
"""

import importlib
import sys
import time

importlib.import_module(sys.argv[1]).main()
time.sleep(3600)
