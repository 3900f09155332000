"""A small server on the loopback address that answers chat completions, well or badly."""

import contextlib
import json
import re
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler


class Model:
    """What the server does with each question in turn: a list of manners, the last one repeated.

    With `anything` it gives phrases that stand nowhere. `asked` holds the bodies of the questions,
    `heads` their headers.
    """

    def __init__(self, *manners, codes=(), anything=False):
        self.manners = list(manners) or ["good"]
        self.codes, self.anything = list(codes), anything
        self.asked, self.heads = [], []

    def manner(self):
        place = min(len(self.asked), len(self.manners)) - 1
        return self.manners[place]

    def answer(self, body):
        """A chat completion: the codes that were asked about and whose phrase is there."""
        text = body["messages"][1]["content"]
        schema = body["response_format"]["json_schema"]["schema"]
        known = schema["properties"]["codes"]["items"]["properties"]["proposition_id"]["enum"]
        said = [code for code in self.codes if code["proposition_id"] in known]
        if not self.anything:
            said = [code for code in said if code["quote"] in text]
        if order := re.search(r"code everything ([+-]\d)", text):  # it does as the text says
            said = [{**code, "stance": int(order.group(1))} for code in said]
        return completion(json.dumps({"codes": said}), body["model"])


def completion(content, model="m"):
    return {
        "id": "c", "object": "chat.completion", "created": 1_616_000_000, "model": f"{model}-2021",
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 20},
    }  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        model = self.server.model
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model.asked.append(body)
        model.heads.append(dict(self.headers))
        good = json.dumps(model.answer(body)).encode()
        manner = model.manner()
        self.close_connection = True
        if manner == "echo":  # it says the key aloud
            return self.reply(200, good.replace(b"-2021", self.headers["Authorization"].encode()))
        if isinstance(manner, int):
            head = {"Retry-After": "7"} if manner == 429 else {"Location": "/elsewhere"}
            return self.reply(manner, b'{"error": {"message": "no"}}', head)
        if manner == "late":
            time.sleep(1.5)
        if manner == "closed":
            return None
        if manner == "cut":
            return self.reply(200, good[:40], {"Content-Length": str(len(good))})
        if manner == "drip":
            self.reply(200, b"", {"Content-Length": "400"})
            with contextlib.suppress(OSError):
                for _ in range(400):
                    self.wfile.write(b" ")
                    time.sleep(0.02)
            return None
        raw = {
            "broken": b'{"choices": [', "text": b"<html>busy</html>", "list": b"[]",
            "huge": b" " * (9 * 1024**2), "empty": b"{}",
            "prose": json.dumps(completion("It supports the bridge.")).encode(),
        }.get(manner, good)  # fmt: skip
        with contextlib.suppress(OSError):
            self.reply(200, raw)
        return None

    def do_GET(self):
        self.server.model.asked.append("GET")
        self.reply(200, b"{}")

    def reply(self, status, raw, head=()):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(raw)), **dict(head)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)


@contextlib.contextmanager
def serving(model):
    """Serve a model on a free port of the loopback address; give its address."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads, server.model = True, model
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            server.shutdown()
            thread.join()
