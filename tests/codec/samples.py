"""Small documents of real XML-RPC libraries, with their line ends, indentation, escapes and self-closed elements.

`tests.peers` makes such documents anew where the library is installed. These were recorded, so that the tests of the
codec need no other language.
"""

from __future__ import annotations

__all__ = ["SAMPLES"]

# Documents of real libraries. Each was written by the library itself, or with its source at hand (IXR, phpxmlrpc,
# Zend).
SAMPLES = {
    "PHP, the extension xmlrpc": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n<params>\n <param>\n  <value>\n   <array>\n    '
        "<data>\n     <value>\n      <struct>\n       <member>\n        <name>id</name>\n        <value>\n         "
        "<int>1</int>\n        </value>\n       </member>\n       <member>\n        <name>b</name>\n        "
        "<value>\n         <boolean>1</boolean>\n        </value>\n       </member>\n       <member>\n        "
        "<name>cr</name>\n        <value>\n         <string>a\r\nb</string>\n        </value>\n       "
        "</member>\n       <member>\n        <name>d</name>\n        <value>\n         <dateTime.iso8601>"
        "20260102T03:04:05</dateTime.iso8601>\n        </value>\n       </member>\n       <member>\n        <name>"
        "e</name>\n        <value>\n         <string/>\n        </value>\n       </member>\n       "
        "<member>\n        <name>f</name>\n        <value>\n         <double>1.500000</double>\n        "
        "</value>\n       </member>\n       <member>\n        <name>l</name>\n        <value>\n         "
        "<array>\n          <data/>\n         </array>\n        </value>\n       </member>\n       "
        "<member>\n        <name>n</name>\n        <value>\n         <base64>"
        "aGVsbG9oZWxsb2hl&#10;bGxv&#10;</base64>\n        </value>\n       </member>\n       <member>\n        "
        "<name>t</name>\n        <value>\n         <string>"
        "a &#38; &#60;b&#62; &#34;q&#34; é&#09;ž</string>\n        </value>\n       </member>\n      "
        "</struct>\n     </value>\n    </data>\n   </array>\n  </value>\n </param>\n</params>\n</methodResponse>\n"
    ).encode(),
    "PHP, the extension xmlrpc, its default encoding": (
        '<?xml version="1.0" encoding="iso-8859-1"?>\n<methodCall>\n<methodName>m</methodName>\n<params>\n '
        "<param>\n  <value>\n   <string>&#195;&#169;</string>\n  </value>\n </param>\n</params>\n</methodCall>\n"
    ).encode("iso-8859-1"),
    "PHP, IXR": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n  <params>\n    <param>\n      <value>\n      '
        "<array><data>\n  <value><struct>\n  <member><name>t</name><value><string>"
        "&lt;p&gt;it&#039;s &quot;é&quot;&lt;/p&gt;\r\n</string></value></member>\n  <member><name>l</name><value>"
        "<array><data>\n</data></array></value></member>\n  <member><name>d</name><value><dateTime.iso8601>"
        "20260102T03:04:05</dateTime.iso8601></value></member>\n  <member><name>s</name><value><boolean>0</boolean>"
        "</value></member>\n</struct></value>\n</data></array>\n      </value>\n    </param>\n  </params>\n"
        "</methodResponse>\n"
    ).encode(),
    "PHP, IXR, a fault": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n  <fault>\n    <value>\n      <struct>\n        '
        "<member>\n          <name>faultCode</name>\n          <value><int>403</int></value>\n        "
        "</member>\n        <member>\n          <name>faultString</name>\n          <value><string>"
        "Nesprávné heslo.</string></value>\n        </member>\n      </struct>\n    </value>\n  </fault>\n"
        "</methodResponse>\n"
    ).encode(),
    "PHP, phpxmlrpc": (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<methodResponse>\n<params>\n<param>\n<value><struct>\n<member>'
        "<name>id</name>\n<value><int>1</int></value>\n</member>\n<member><name>big</name>\n<value><i8>"
        "1099511627776</i8></value>\n</member>\n<member><name>t</name>\n<value><string>"
        "a &amp; &quot;q&quot; &apos;é&apos;</string></value>\n</member>\n<member><name>n</name>\n<value><nil/>"
        "</value>\n</member>\n<member><name>l</name>\n<value><array>\n<data>\n</data>\n</array></value>\n"
        "</member>\n</struct></value>\n</param>\n</params>\n</methodResponse>"
    ).encode(),
    "PHP, phpxmlrpc, in US-ASCII": (
        b'<?xml version="1.0"?>\n<methodResponse>\n<params>\n<param>\n<value><string>'
        b"&#382;lu&#357;ou&#269;k&#253;</string></value>\n</param>\n</params>\n</methodResponse>"
    ),
    "PHP, phpxmlrpc, a fault": (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<methodResponse>\n<fault>\n<value>\n<struct><member><name>'
        "faultCode</name>\n<value><int>5</int></value>\n</member>\n<member>\n<name>faultString</name>\n<value>"
        "<string>Neplatný token</string></value>\n</member>\n</struct>\n</value>\n</fault>\n</methodResponse>"
    ).encode(),
    "PHP, Zend": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse><params><param><value><struct><member><name>'
        "id</name><value><int>1</int></value></member><member><name>t</name><value><string>"
        "a &amp; b&#13;\nč</string></value></member><member><name>n</name><value><nil/></value></member><member>"
        "<name>l</name><value><array><data/></array></value></member></struct></value></param></params>"
        "</methodResponse>\n"
    ).encode(),
    "Perl, RPC::XML": (
        '<?xml version="1.0" encoding="utf-8"?><methodResponse><params><param><value><array><data><value><struct>'
        "<member><name>f</name><value><double>1.5</double></value></member><member><name>cr</name><value><string>"
        "a&#xd;\nb</string></value></member><member><name>t</name><value><string>"
        "a &amp; &lt;b&gt; &quot;q&quot; &apos;é&apos; ž</string></value></member><member><name>big</name><value>"
        "<i8>1099511627776</i8></value></member><member><name>e</name><value><string></string></value></member>"
        "<member><name>n</name><value><base64>aGVsbG8=</base64></value></member><member><name>s</name><value>"
        "<struct></struct></value></member></struct></value><value><nil/></value></data></array></value></param>"
        "</params></methodResponse>"
    ).encode(),
    "Perl, Frontier": (
        b'<?xml version="1.0" encoding="utf-8"?>\n<methodResponse>\n<params>\n<param><value><array><data>\n<value>'
        b"<struct>\n<member><name>big</name><value><int>1099511627776</int></value>\n</member>\n<member><name>"
        b"n</name><value><base64>aGVsbG9oZWxsb2hl\nbGxv\n</base64></value>\n</member>\n<member><name>s</name><value>"
        b"<struct>\n</struct></value>\n</member>\n<member><name>cr</name><value><string>a\r\nb</string></value>\n"
        b"</member>\n<member><name>l</name><value><array><data>\n</data></array></value>\n</member>\n</struct>"
        b"</value>\n</data></array></value>\n</param>\n</params>\n</methodResponse>\n"
    ),
    "Ruby, the gem xmlrpc": (
        '<?xml version="1.0" ?><methodResponse><params><param><value><array><data><value><struct><member><name>'
        "id</name><value><i4>1</i4></value></member><member><name>cr</name><value><string>a\r\nb</string></value>"
        "</member><member><name>l</name><value><array><data/></array></value></member><member><name>n</name><value>"
        "<base64>aGVsbG8=\n</base64></value></member><member><name>s</name><value><struct/></value></member>"
        "<member><name>t</name><value><string>a &amp; &lt;b&gt; ž</string></value></member></struct></value></data>"
        "</array></value></param></params></methodResponse>\n"
    ).encode(),
    "C, xmlrpc-c": (
        b'<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n<params>\r\n<param><value><array><data>\r\n'
        b"<value><struct>\r\n<member><name>b</name>\r\n<value><boolean>1</boolean></value></member>\r\n<member>"
        b"<name>big</name>\r\n<value><i8>1099511627776</i8></value></member>\r\n<member><name>cr</name>\r\n<value>"
        b"<string>a&#x0d;\nb</string></value></member>\r\n<member><name>l</name>\r\n<value><array><data>\r\n</data>"
        b"</array></value></member>\r\n<member><name>n</name>\r\n<value><base64>\r\naGVsbG8=\r\n</base64></value>"
        b"</member>\r\n<member><name>s</name>\r\n<value><struct>\r\n</struct></value></member>\r\n<member><name>"
        b"x</name>\r\n<value><nil/></value></member>\r\n</struct></value>\r\n</data></array></value></param>\r\n"
        b"</params>\r\n</methodResponse>\r\n"
    ),
    "Java, aXMLRPC": (
        '<?xml version="1.0" encoding="UTF-8"?>\n\n<methodCall>\n<methodName>m</methodName>\n\n<params>\n<param>\n'
        "<value>\n<array>\n<data>\n<value>\n<struct>\n<member>\n<name>b</name>\n\n<value>\n<boolean>1</boolean>\n"
        "</value>\n</member>\n\n<member>\n<name>cr</name>\n\n<value>\n<string>a\r\nb</string>\n</value>\n"
        "</member>\n\n<member>\n<name>d</name>\n\n<value>\n<dateTime.iso8601>20260102T030405</dateTime.iso8601>\n"
        "</value>\n</member>\n\n<member>\n<name>e</name>\n\n<value>\n<string/>\n</value>\n</member>\n\n<member>\n"
        "<name>l</name>\n\n<value>\n<array>\n<data/>\n</array>\n</value>\n</member>\n\n<member>\n<name>s</name>\n"
        "\n<value>\n<struct/>\n</value>\n</member>\n\n<member>\n<name>t</name>\n\n<value>\n<string>"
        'a &amp; &lt;b> "q" ž</string>\n</value>\n</member>\n</struct>\n</value>\n</data>\n</array>\n</value>\n'
        "</param>\n</params>\n</methodCall>\n"
    ).encode(),
    "Node, the package xmlrpc": (
        '<?xml version="1.0"?><methodResponse><params><param><value><array><data><value><struct><member><name>'
        "b</name><value><boolean>1</boolean></value></member><member><name>big</name><value><int>"
        "1099511627776</int></value></member><member><name>cr</name><value><string>a&#xD;\nž</string></value>"
        "</member><member><name>e</name><value><string/></value></member><member><name>l</name><value><array>"
        "<data/></array></value></member><member><name>s</name><value><struct/></value></member><member><name>"
        "x</name><value><nil/></value></member></struct></value></data></array></value></param></params>"
        "</methodResponse>"
    ).encode(),
    "Python, xmlrpc.client": (
        "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><array><data>\n<value><struct>\n"
        "<member>\n<name>id</name>\n<value><int>1</int></value>\n</member>\n<member>\n<name>cr</name>\n<value>"
        "<string>a\r\nž</string></value>\n</member>\n<member>\n<name>n</name>\n<value><base64>\naGVsbG8=\n</base64>"
        "</value>\n</member>\n<member>\n<name>x</name>\n<value><nil/></value></member>\n<member>\n<name>f</name>\n"
        "<value><double>1e+16</double></value>\n</member>\n</struct></value>\n</data></array></value>\n</param>\n"
        "</params>\n</methodResponse>\n"
    ).encode(),
    "Python, aiohttp-xmlrpc": (
        "<?xml version='1.0' encoding='utf-8'?>\n<methodResponse><params><param><value><struct><member><name>"
        "id</name><value><i4>1</i4></value></member><member><name>cr</name><value><string>a&#13;\nž</string>"
        "</value></member><member><name>e</name><value><string></string></value></member><member><name>l</name>"
        "<value><array><data/></array></value></member><member><name>s</name><value><struct/></value></member>"
        "<member><name>n</name><value><nil/></value></member></struct></value></param></params></methodResponse>"
    ).encode(),
    "the specification": (
        b'<?xml version="1.0"?>\n<methodResponse>\n   <params>\n      <param>\n         <value><string>'
        b"South Dakota</string></value>\n         </param>\n      </params>\n   </methodResponse>\n"
    ),
    "untyped texts": (
        b"<methodResponse><params><param><value><array><data><value>a &amp; b</value><value></value><value/></data>"
        b"</array></value></param></params></methodResponse>"
    ),
    "no declaration and white space around": (
        b"\r\n\r\n<methodResponse><params><param><value>x</value></param></params></methodResponse>\n\n"
    ),
}
