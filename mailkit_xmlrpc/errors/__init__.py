"""Every error that this package raises, and the four ways a call can end.

Three failures are never mixed: Mailkit (or a fault) said no; the answer could not be read; it is not known whether
the call was carried out. `Outcome` tells them apart, and every error has one::

    MailkitError
    ├── ConfigError (ValueError)                    what the caller configured
    ├── EncodeError (ValueError)                    a value that XML-RPC cannot carry
    ├── RefusedError                                from Result.unwrap(); one subclass for each kind of refusal
    ├── FaultError (xmlrpc.client.Fault)
    ├── ResponseError (xmlrpc.client.ResponseError) the answer is unreadable
    │   ├── HostileXMLError                         DTD, entity, too deep
    │   └── TooLargeError
    └── TransportError
        ├── NotSentError (ConnectionError)          surely not carried out
        ├── InDoubtError (OSError)                  may have been carried out
        └── HTTPStatusError (xmlrpc.client.ProtocolError)

The standard library's classes in brackets keep code that was written for it catching what it caught. Mixing them in
has traps: `Fault` and `ProtocolError` leave `args` empty and do not unpickle, `OSError` keeps fields in C slots, and
`ProtocolError` prints the URL's password. So the base class calls `Exception.__init__` alone and owns the rest.
"""

from . import base, refused, wire
from .base import *
from .refused import *
from .wire import *

# Type checkers read this form alone.
__all__: list[str] = []
__all__ += base.__all__
__all__ += refused.__all__
__all__ += wire.__all__
