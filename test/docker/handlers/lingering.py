"""`python -m lingering MODULE`: calls `main` of the module, and stays when it returns, until it is killed.

A process that ends gives its last spans a second. This one gives them as long as the machine needs.
"""

import importlib
import sys
import time

importlib.import_module(sys.argv[1]).main()
time.sleep(3600)
