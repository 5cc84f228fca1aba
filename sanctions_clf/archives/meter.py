"""How many bytes of archives have been read, for progress and estimates."""

from dataclasses import dataclass

from sanctions_clf.archives.streams import OpenArchive


@dataclass(slots=True)
class Meter:
    """Counts the bytes, as stored, of archives that are read one after another."""

    _finished: int = 0
    _archive: OpenArchive | None = None
    _start: int = 0

    def watch(self, archive: OpenArchive, start: int = 0) -> None:
        """Count what is read of an archive from a position on."""
        self._archive, self._start = archive, start

    def finish(self, size: int) -> None:
        """Count an archive, or a part of one, as read to its end."""
        self._finished += size
        self._archive = None

    def bytes_read(self) -> int:
        """Return the bytes of what is finished and about those of what is being read."""
        being_read = self._archive.bytes_read() - self._start if self._archive else 0
        return self._finished + max(0, being_read)
