"""One notebook in a real IPython kernel that has no sockets, in this very process.

The kernel, its shell, its streams and its display hook are ipykernel's own, and what they send
is made into outputs by nbclient's own code. Only the sockets between the two are left out: a
message goes from the thread that would send it straight to the code that would receive it. So
outputs are those of a plain kernel, without the half second that it takes to start and stop one.
"""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import select
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any

import nbformat
import zmq
from ipykernel.inprocess.socket import DummySocket
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.kernelapp import IPKernelApp
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError
from traitlets import DottedObjectName

ARGUMENTS = ["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"]
"""What nbclient starts a kernel with."""

Tell = Callable[[dict[str, object]], None]


class DrainedStream(OutStream):  # type: ignore[misc,unused-ignore]
    """ipykernel's output stream, whose flush waits for what went to the file descriptor.

    Other programs' output comes through a pipe that a thread reads. A plain kernel ends a cell
    whether the thread has come to it or not, and is mostly slow enough.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self._taking = threading.Lock()
        super().__init__(*arguments, **keywords)  # type: ignore[no-untyped-call]

    def _watch_pipe_fd(self) -> None:
        descriptor = self._fid
        while self._should_watch and descriptor is not None:
            select.select([descriptor], [], [])
            with self._taking:
                taken = os.read(descriptor, 65536)
                self.write(taken.decode(errors="replace"))

    def flush(self) -> None:
        """Send what was written, by this process and by those it has begun."""
        until = time.monotonic() + 1  # a program that never stops writing is not waited for
        while self._fid is not None and os.getpid() == self._master_pid:
            with self._taking:
                if time.monotonic() > until or not select.select([self._fid], [], [], 0)[0]:
                    break
        super().flush()  # type: ignore[no-untyped-call]


class SocketlessKernel(IPKernelApp):
    """ipykernel's application, with nothing to connect to."""

    outstream_class = DottedObjectName("positions.site.kernel.DrainedStream", allow_none=True)

    def init_poller(self) -> None:
        """Watch no parent: the system ends this process with it."""

    def init_sockets(self) -> None:
        """Publish to a receiver in this process, from the thread that would publish."""
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        self.session.key = b""  # messages that never leave need no signature
        thread: Any = IOPubThread
        self.iopub_thread = thread(_Receiver(), pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_heartbeat(self) -> None:
        """No one listens for it."""

    def write_connection_file(self, **kwargs: Any) -> None:
        """No one can connect."""

    def log_connection_info(self) -> None:
        """There is none."""

    def init_kernel(self) -> None:
        """Make the kernel as ipykernel does, without streams."""
        kernel_class: Any = self.kernel_class
        self.kernel = kernel_class.instance(
            parent=self,
            session=self.session,
            # An awaiting cell is run as in the thread that serves the shell channel.
            shell_channel_thread=types.SimpleNamespace(parent_thread=threading.current_thread()),
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


class _Receiver:
    """Where the publishing thread's messages end up, in the place of a socket."""

    def __init__(self) -> None:
        self.context = zmq.Context()
        self.receive: Callable[[list[bytes]], None] = lambda frames: None

    def send_multipart(self, frames: list[bytes], *_: object, **__: object) -> None:
        self.receive(frames)

    def close(self) -> None:
        """There is nothing to close."""


def _join(outputs: list[Any]) -> None:
    """Make one piece of a stream's last two: where it is cut is a matter of a kernel's timer."""
    kinds = [(out.output_type, out.get("name")) for out in outputs[-2:]]
    if kinds in ([("stream", "stdout")] * 2, [("stream", "stderr")] * 2):
        outputs[-2].text += outputs.pop().text


class _Run:
    """A notebook's cells, one after another, and the messages that belong to each."""

    def __init__(self, app: Any, notebook: Any, most_bytes: int, tell: Tell) -> None:
        self.kernel, self.session = app.kernel, app.session
        self.notebook, self.most_bytes, self.tell = notebook, most_bytes, tell
        self.client: Any = NotebookClient(notebook, record_timing=False)
        # Widgets that nbclient stands in for answer the kernel through its client.
        self.answers: list[dict[str, Any]] = []
        self.client.kc = types.SimpleNamespace(  # type: ignore[assignment]
            session=self.session, shell_channel=types.SimpleNamespace(send=self.answers.append)
        )
        self.bytes, self.asked, self.at = 0, "", -1
        self.idle, self.complete = threading.Event(), False
        self.fault: BaseException | None = None
        self.stream: Any = DummySocket(context=app.iopub_thread.socket.context)
        app.iopub_thread.socket.receive = self.receive

    def receive(self, frames: list[bytes]) -> None:
        """Take a message as nbclient would from its socket: in the publishing thread, in order."""
        self.bytes += sum(len(frame) for frame in frames)
        if self.bytes > self.most_bytes:
            self.tell({"why": "large"})  # the process is ended for it
        _, parts = self.session.feed_identities(frames)
        message = self.session.deserialize(parts)
        if message["parent_header"].get("msg_id") != self.asked:
            return
        cell = self.notebook.cells[self.at]
        try:
            if self.client.process_message(message, cell, self.at) is not None:
                _join(cell.outputs)
        except CellExecutionComplete:
            self.idle.set()
        except BaseException as error:
            self.fault = error
            self.idle.set()

    async def cells(self) -> None:
        """Run the code cells that nbclient would run."""
        for at, cell in enumerate(self.notebook.cells):
            tags = cell.metadata.get("tags", [])
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            if self.client.skip_cells_with_tag in tags:
                continue
            if self.kernel.shell.exit_now:  # `exit()`: a plain kernel has gone by now
                self.tell({"why": "died", "cause": "a cell called exit()"})
                return
            self.at = at
            self.tell({"at": at})
            reply = await self.cell(cell)
            if reply["status"] == "error" and "raises-exception" not in tags:
                raise CellExecutionError.from_cell_and_msg(cell, reply)
            await self.answered()
        self.client.set_widgets_metadata()
        self.notebook.metadata["language_info"] = self.kernel.language_info
        self.complete = True

    async def cell(self, cell: Any) -> dict[str, Any]:
        """Run a cell; return the kernel's reply once every output has come."""
        cell.outputs = []
        self.client.clear_before_next_output = False
        self.client.code_cells_executed += 1
        content = {
            "code": cell.source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,  # there is no queue of requests to be dropped
        }
        message = self.session.msg("execute_request", content)
        self.idle.clear()
        self.asked = message["msg_id"]
        reply = await self.dispatch(self.kernel.execute_request, message)
        self.idle.wait()
        if self.fault is not None:
            raise self.fault
        cell.execution_count = self.client.code_cells_executed
        return reply

    async def dispatch(self, handle: Callable[..., Any], message: dict[str, Any]) -> dict[str, Any]:
        """Do what ipykernel does around the handling of a message."""
        kernel, stream = self.kernel, self.stream
        kernel.set_parent([], message, channel="shell")
        kernel._publish_status("busy", "shell")
        kernel.pre_handler_hook()
        try:
            done = handle(stream, [], message)
            if done is not None:
                await done
        finally:
            kernel.post_handler_hook()
        sys.stdout.flush()
        sys.stderr.flush()
        kernel._publish_status("idle", "shell")
        if stream.queue.empty():
            return {}
        _, parts = self.session.feed_identities(stream.recv_multipart(), copy=False)
        return dict(self.session.deserialize(parts, copy=False)["content"])

    async def answered(self) -> None:
        """Hand the kernel what widgets sent it while the cell ran."""
        self.asked = ""
        while self.answers:
            message = {"buffers": []} | self.answers.pop(0)
            await self.dispatch(self.kernel.shell_handlers[message["msg_type"]], message)


def execute(notebook: dict[str, Any], result: pathlib.Path, most_bytes: int, tell: Tell) -> None:
    """Execute a notebook in this process and write it, executed, to a file.

    Parameters
    ----------
    notebook
        As JSON, without outputs.
    result
        Where to write it.
    most_bytes
        How much it may put out.
    tell
        Is told `at`, the number of a cell, as the cell is begun; `why` and `cause` when one fails;
        `why` alone when the notebook puts out too much; `done` at the end.
    """
    app: Any = SocketlessKernel.instance()
    app.initialize([*ARGUMENTS])
    run = _Run(app, nbformat.from_dict(notebook), most_bytes, tell)  # type: ignore[no-untyped-call]
    try:
        asyncio.run(run.cells())
    except CellExecutionError as error:
        tell({"why": "error", "cause": str(error)})
        return
    if run.complete:
        result.write_text(json.dumps(run.notebook), encoding="utf-8")
        tell({"done": True})
