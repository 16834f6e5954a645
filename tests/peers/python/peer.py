"""The standard library's XML-RPC as a peer: ``peer.py pipe`` or ``peer.py server``; see tests/peers/peer.py."""

import sys
import threading
import xmlrpc.client
import xmlrpc.server
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
import notation

# The options with which the library returns values as they were sent.
OPTIONS = {"allow_none": True, "use_builtin_types": True}


def decode(document):
    return "value " + notation.write(xmlrpc.client.loads(notation.unpacked(document), use_builtin_types=True)[0][0])


def encode(*words):
    value = notation.read(" ".join(words))
    document = xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True)
    return "document " + notation.packed(document.encode())


def call(url, method, *words):
    with xmlrpc.client.ServerProxy(url, **OPTIONS) as server:
        return "value " + notation.write(getattr(server, method)(*notation.read(" ".join(words))))


def pipe():
    for line in sys.stdin:
        operation, *words = line.split()
        try:
            answer = {"decode": decode, "encode": encode, "call": call}[operation](*words)
        except xmlrpc.client.Fault as fault:
            answer = f"fault {fault.faultCode} " + notation.packed(fault.faultString.encode())
        except Exception as error:  # noqa: BLE001  (any exception of the library is a refusal)
            answer = "refused " + notation.packed(f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
        print(answer, flush=True)


def server():
    with xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False, **OPTIONS) as listener:
        listener.register_function(lambda value: value, "echo")
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{listener.server_address[1]}/RPC2", flush=True)
        sys.stdin.read()
        listener.shutdown()


if __name__ == "__main__":
    {"pipe": pipe, "server": server}[sys.argv[1]]()
