"""ydata-profiling of the CSV file argv[1], from read_csv to its HTML page. Prints CPU seconds, of children too."""
import os
import sys
import tempfile

import pandas
from ydata_profiling import ProfileReport


def seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


before = seconds()
table = pandas.read_csv(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    ProfileReport(table, progress_bar=False, pool_size=1).to_file(folder + "/report.html", silent=True)
print(seconds() - before)
