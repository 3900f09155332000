"""Hide from the package what only Linux and macOS have; Python loads this file as it begins.

Libraries see the system as it is: what they do on Windows is theirs. Only code of `positions`, and
of notebooks, finds no such module, function or constant, and is told that this is Windows.
"""

import builtins

MODULES = {"crypt", "curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource",
           "spwd", "syslog", "termios", "tty"}  # fmt: skip
NAMES = {
    "os": {
        "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "WNOHANG", "chown", "chroot",
        "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid",
        "getuid", "killpg", "lchown", "mkfifo", "mknod", "nice", "openpty", "pread", "pwrite",
        "register_at_fork", "sched_getaffinity", "sendfile", "set_blocking", "setpgid", "setsid",
        "sync", "uname", "wait", "wait3", "wait4", "waitid",
    },
    "signal": {
        "SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGUSR1", "SIGUSR2", "alarm",
        "pthread_kill", "pthread_sigmask", "setitimer", "sigwait",
    },
    "socket": {"AF_UNIX", "recv_fds", "send_fds", "socketpair"},
    "multiprocessing": {"forkserver"},
}  # fmt: skip


TOLD = {"sys": {"platform": "win32"}, "os": {"name": "nt"}}


class Without:
    """A module without the names that another system lacks."""

    def __init__(self, module):
        vars(self)["module"] = module

    def __getattr__(self, name):
        module = vars(self)["module"]
        if name in NAMES.get(module.__name__, ()):
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r} here")
        return TOLD.get(module.__name__, {}).get(name, getattr(module, name))

    def __setattr__(self, name, value):
        setattr(vars(self)["module"], name, value)


def imported(name, globals=None, locals=None, fromlist=(), level=0):
    """Import as ever, but for code of the package and of notebooks."""
    asker = (globals or {}).get("__name__", "").split(".")[0]
    first = name.split(".")[0]
    if asker in ("positions", "__main__") and not level and first in MODULES:
        raise ModuleNotFoundError(f"No module named {name!r}: this system has none", name=name)
    module = ordinary(name, globals, locals, fromlist, level)
    if asker in ("positions", "__main__") and module.__name__ in NAMES | TOLD:
        return Without(module)
    return module


ordinary = builtins.__import__
builtins.__import__ = imported
