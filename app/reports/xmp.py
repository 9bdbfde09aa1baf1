"""What a file says about itself in XMP: title, dates, and the two standards that it keeps.

PDF/UA's own property is unknown to PDF/A, so its schema is described in the packet
(ISO 19005-3, 6.6.2.3; ISO 14289-1, 5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from datetime import datetime

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_EXTENSION = """\
  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>Part of ISO 14289 to which the file conforms\
</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
"""


def metadata_text(text: str) -> str:
    """Return a text as XML may hold it, so that XMP and Info can say the same."""
    return _NO_XML.sub("\ufffd", text)


def xmp_packet(
    *, title: str, author: str, subject: str, language: str, producer: str, dated_at: datetime
) -> bytes:
    """Write the packet of a file that is PDF/A-3a and PDF/UA-1."""
    dated = f"{dated_at:%Y-%m-%dT%H:%M:%S}+00:00"
    shown = {
        "title": escape(title),
        "author": escape(author),
        "subject": escape(subject),
        "language": escape(language),
        "producer": escape(producer),
    }
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" '
        'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\n'
        "   <pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>\n"
        "   <pdfuaid:part>1</pdfuaid:part>\n"
        "   <dc:format>application/pdf</dc:format>\n"
        '   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{shown['title']}</rdf:li></rdf:Alt></dc:title>\n"
        f"   <dc:creator><rdf:Seq><rdf:li>{shown['author']}</rdf:li></rdf:Seq></dc:creator>\n"
        '   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{shown['subject']}</rdf:li></rdf:Alt></dc:description>\n"
        f"   <dc:language><rdf:Bag><rdf:li>{shown['language']}</rdf:li></rdf:Bag></dc:language>\n"
        f"   <xmp:CreateDate>{dated}</xmp:CreateDate><xmp:ModifyDate>{dated}</xmp:ModifyDate>\n"
        f"   <xmp:CreatorTool>{shown['producer']}</xmp:CreatorTool>\n"
        f"   <pdf:Producer>{shown['producer']}</pdf:Producer>\n"
        "  </rdf:Description>\n"
        f"{_EXTENSION}"
        " </rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    ).encode()
