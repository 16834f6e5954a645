from .encode import MojibakeWarning, xmlrpc_encode, xmlrpc_encode_request
from .values import Base64, Datetime
