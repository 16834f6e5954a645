"""One request on a connection, and the response to it.

Everything that goes wrong here comes after the first byte may have been sent, so it leaves the call in doubt.
"""

from __future__ import annotations

import errno
import socket

from ..errors import InDoubtError, MailkitError, ResponseError
from .deadline import Deadline
from .request import Payload
from .response import CHECK_FIRST, Reader
from .stream import Stream

__all__ = ["exchange"]

# After sending broke, an answer is read for so many seconds: what the server sent has arrived by then.
_LOOK_SECONDS = 0.05


async def exchange(stream: Stream, request: Payload, reader: Reader) -> None:
    """Send `request`, and feed `reader` until the response is complete.

    A server that refuses a request without reading all of it sends its answer and closes the connection. So if sending
    breaks, an error status stands. Any other answer does not: it can be the answer to something else.

    Raises:
        InDoubtError: the connection broke, or the deadline passed.
        ResponseError: the response cannot be read.
    """
    failure: MailkitError | None = None
    try:
        await stream.send(request)
    except OSError as error:
        failure = _broken(error)
        stream.deadline = Deadline(_LOOK_SECONDS)
    try:
        while not reader.complete:
            if data := await stream.receive():
                reader.feed(data)
            else:
                reader.end()
    except (InDoubtError, ResponseError) as error:
        failure = failure or error
    except OSError as error:
        failure = failure or _broken(error)
    if failure is not None and not reader.refused:
        raise failure  # outside the except blocks: the original must not be chained to it


def _broken(error: OSError) -> InDoubtError:
    # Until Python 3.10, the timeout of a socket is not a TimeoutError.
    if isinstance(error, (socket.timeout, TimeoutError)):
        return InDoubtError(f"timed out waiting for the server{CHECK_FIRST}", errno=errno.ETIMEDOUT)
    reason = error.strerror or type(error).__name__
    return InDoubtError(f"the connection broke ({reason}){CHECK_FIRST}", errno=error.errno)
