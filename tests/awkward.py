# ruff: noqa: E501 a cell is easier to read on one line
"""Cells whose outputs are easily got wrong, as notebooks: every kind of output a kernel has."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

STREAMS = [
    "print('a')\nprint('b', end='')",
    "import sys\nprint('out')\nsys.stdout.flush()\nprint('err', file=sys.stderr)",
    "import os, subprocess\n_ = subprocess.run(['echo', 'from a child'])",
    "_ = os.write(1, b'raw bytes\\n')",
    "_ = os.system('printf one; printf two')",
    "%%bash\necho shell\necho wrong >&2",
    "!echo line",
    "print('before')\n1 + 1",
    "x = 5;\nx;",
    "print('\\x1b[31mred\\x1b[0m')",
    "print('ä 😀 \\udcff'.encode('utf-8', 'replace').decode())",
    "import logging\nlogging.getLogger('a').warning('logged')",
    "import warnings\nwarnings.warn('careful')",
    "import threading\nt = threading.Thread(target=print, args=('in a thread',))\nt.start()\nt.join()",
    "import multiprocessing\np = multiprocessing.get_context('fork').Process(target=print, "
    "args=('in a process',), kwargs={'flush': True})\np.start()\np.join()\nimport time\ntime.sleep(0.5)",
    "import sys\nsys.stdout.fileno() > 2, sys.stdout.isatty(), sys.stdin.isatty()",
    "help(len)",
]

DISPLAYS = [
    "from IPython.display import *\ndisplay(1, 'two', [3])",
    "display(HTML('<b>b</b>'), metadata={'text/html': {'note': 1}})",
    "shown = display('first', display_id='here')\nNone",
    "update_display('second', display_id='here')",
    "display('third', display_id='here')\nupdate_display(HTML('<i>4</i>'), display_id='here')",
    "shown.update('last')\nshown",
    "print('gone')\ndisplay(1)\nclear_output()\nprint('kept')",
    "print('gone later')\nclear_output(wait=True)\ndisplay('replaces it')",
    "display('a', display_id='c')\nclear_output(wait=True)\ndisplay('b', display_id='c')\n"
    "update_display('z', display_id='c')",
    f"import base64\nImage(base64.b64decode('{PIXEL}'), format='png', width=3)",
    "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "display({'text/plain': 'p', 'application/json': {'a': [1, None, float(2)]}}, raw=True)",
    "Markdown('# h'), Latex('$x$'), Javascript('1')",
    "Markdown('# h')",
    "JSON({'b': 1, 'a': 2})",
    "class Both:\n    def _repr_html_(self):\n        return '<p>'\n"
    "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'q', 'x/y': b'ab'}, {'x/y': {'k': 1}}\nBoth()",
    "class Bad:\n    def _repr_html_(self):\n        raise ValueError('no repr')\n"
    "    def __repr__(self):\n        return 'bad'\nBad()",
    "class Worse:\n    def __repr__(self):\n        raise ValueError('no repr at all')\nWorse()",
    "print('between')\ndisplay('shown')\nprint('after')\n'value'",
    "from IPython.utils.capture import capture_output\n"
    "with capture_output() as caught:\n    print('x')\n    display(7)\ncaught.stdout, len(caught.outputs)",
    "%%capture kept\nprint('unseen')",
    "kept.stdout",
    "get_ipython().run_line_magic('config', 'InlineBackend.figure_formats')\n_, __, Out[1:2]",
    "%%html\n<p>magic</p>",
    "%whos int",
    "len?",
]

LIBRARIES = [
    "import pandas as pd, numpy as np\npd.get_option('display.max_columns'), "
    "pd.get_option('display.width')",
    "pd.DataFrame(np.arange(60).reshape(2, 30))",
    "pd.Series([1.5, None], name='s')",
    "import matplotlib\nmatplotlib.get_backend()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "figure, axes = plt.subplots(figsize=(2, 1))\naxes.bar(['a'], [1]);",
    "figure",
    "plt.plot([1, 3]);\nprint('text of the same cell')",
    "%matplotlib inline\n%config InlineBackend.figure_format = 'svg'\n"
    "plt.rcParams['svg.hashsalt'] = 's'\nimport os\nos.environ['SOURCE_DATE_EPOCH'] = '0'\nplt.rcParams['figure.figsize'] = 1, 1\nplt.plot([1]);",
    "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider",
    "out = ipywidgets.Output()\nout",
    "with out:\n    print('in the widget')\n    display(1)",
    "[o['output_type'] for o in out.outputs]",
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "async def later():\n    return 7\nawait later()",
    "task = asyncio.create_task(later())",
    "await task",
    "asyncio.get_running_loop().is_running()",
]

SELF = [
    "__name__, '__file__' in globals(), __builtins__.__name__",
    "sorted(name for name in globals() if not name.startswith('_'))",
    "import sys, os\nsys.modules['__main__'].__dict__ is globals(), sys.path[0]",
    "os.path.basename(os.getcwd()), os.environ['MPLBACKEND'], os.environ['TERM'], "
    "os.environ.get('CLICOLOR'), os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid()",
    "type(get_ipython()).__name__, type(get_ipython().kernel).__name__ != ''",
    "import neighbour\nneighbour.NAME",
    "import pickle\nclass Kept:\n    pass\npickle.loads(pickle.dumps(Kept())).__class__.__module__",
    "import signal\nsignal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGCHLD)",
    "import threading\nthreading.current_thread() is threading.main_thread()",
    "import __main__\n__main__.Kept is Kept",
    "sys.stdin.read()",
    "input('why? ')",
    "import getpass\ngetpass.getpass()",
    "1 / 0",
    "def inner():\n    raise KeyError('deep') from ValueError('cause')\ndef outer():\n    inner()\nouter()",
    "if True print('no')",
    "raise SystemExit(3)",
    "%no_such_magic",
    "%%no_such_cell_magic\n1",
    "!exit 3",
    "%%bash\nexit 3",
    "raise KeyboardInterrupt",
    "assert False, 'with words'",
    "sum(",
    "_exit_code, In[2][:9], _i1[:8]",
    "class Odd(Exception):\n    def __str__(self):\n        raise ValueError('no words')\nraise Odd",
    "%timeit -n1 -r1 -q pass",
    "from IPython.core.error import UsageError\nraise UsageError('used wrongly')",
]

SETS = {"streams": STREAMS, "displays": DISPLAYS, "libraries": LIBRARIES, "self": SELF}


def write(folder, name):
    """A notebook of one set; an error in a cell does not stop the cells below it."""
    cells = [new_markdown_cell("# Title"), new_code_cell("")]
    cells += [new_code_cell(s, metadata={"tags": ["raises-exception"]}) for s in SETS[name]]
    cells.append(new_code_cell("raise", metadata={"tags": ["skip-execution"]}))
    (folder / "neighbour.py").write_text("NAME = 'beside the notebook'")
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"
