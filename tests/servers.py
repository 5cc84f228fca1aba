"""Web servers on this machine, as good and as bad as real ones."""

import re
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class Handler(SimpleHTTPRequestHandler):
    """The files of a directory, sent as a server of the standard library does: whole."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Send a file, but break off where the server is told to fail."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if self.server.refuses_with or not path.is_file():
            return super().do_GET()
        size = path.stat().st_size
        parted = bool(asked and self.server.sends_parts)
        if parted and int(asked[1]) >= size:
            return self.send_error(416)
        start, end = (int(asked[1]), min(size, int(asked[2]) + 1)) if parted else (0, size)
        self.send_response(206 if parted else 200)
        if parted:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        self._send(path, start, end)
        return None

    def send_head(self):
        """Refuse whatever is asked for where the server is told to."""
        if self.server.refuses_with:
            return self.send_error(self.server.refuses_with)
        return super().send_head()

    def _send(self, path, start, end):
        fails_at = self.server.fails_at
        with path.open("rb") as file:
            file.seek(start)
            left = min(end, end if fails_at is None else fails_at) - start
            while left > 0 and (block := file.read(min(left, 1 << 16))):
                self.wfile.write(block)
                left -= len(block)
        if fails_at is not None and end > fails_at:
            self.close_connection = True

    def end_headers(self):
        """Declare gz files packed where the server is told to, as Apache does."""
        if self.server.declares_gz and self.path.endswith(".gz"):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()

    def log_message(self, *_):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server whose manners a test can change.

    Attributes
    ----------
    sends_parts : whether it sends parts of files; if not, it sends the whole whatever is asked.
    fails_at : the offset in a file at which it breaks off, None for never.
    declares_gz : whether it gives gz files the content encoding `gzip`.
    refuses_with : the HTTP status with which it refuses everything, None for nothing.
    """

    daemon_threads = True
    sends_parts = True
    fails_at = None
    declares_gz = False
    refuses_with = None

    def handle_error(self, *_):
        """Say nothing of clients that hang up."""


@contextmanager
def web_server(directory):
    """A web server for a directory; yields it with its address as `url`."""
    server = Server(("127.0.0.1", 0), partial(Handler, directory=str(directory)))
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
