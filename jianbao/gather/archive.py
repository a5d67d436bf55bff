"""A page as a WARC file (ISO 28500): what was asked and what came, byte for byte."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from jianbao.gather.web.replies import Reply

#: Of the way the body travelled; it is stored unpacked and whole.
_OF_THE_WAY = {"content-encoding", "transfer-encoding", "content-length", "connection"}


def response_archive(reply: Reply, when: datetime) -> bytes:
    """The request and response of ``reply``, compressed record by record."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    named = {"WARC-Date": _stamp(when)}
    headers = [(k, v) for k, v in reply.headers if k.lower() not in _OF_THE_WAY]
    headers.append(("Content-Length", str(len(reply.body))))
    response = writer.create_warc_record(
        reply.url,
        "response",
        payload=io.BytesIO(reply.body),
        length=len(reply.body),
        http_headers=StatusAndHeaders(
            f"{reply.status} {reply.reason}".strip(), headers, protocol="HTTP/1.1"
        ),
        warc_headers_dict=dict(named),
    )
    request = writer.create_warc_record(
        reply.url,
        "request",
        http_headers=StatusAndHeaders(f"GET {reply.url} HTTP/1.1", [], is_http_request=True),
        warc_headers_dict=dict(named),
    )
    writer.write_request_response_pair(request, response)
    return out.getvalue()


def resource_archive(
    url: str, body: bytes, when: datetime, content_type: str = "text/html"
) -> bytes:
    """A page that somebody saved in a browser: no request of ours, hence a resource."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    record = writer.create_warc_record(
        url,
        "resource",
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict={"WARC-Date": _stamp(when)},
    )
    writer.write_record(record)
    return out.getvalue()


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page_in(archive: bytes) -> tuple[str, bytes, datetime]:
    """The content type and body of the page in ``archive``, as one of the above wrote it, and when.

    Raises:
        ValueError: It is no such archive.
    """
    try:
        for record in ArchiveIterator(io.BytesIO(archive)):
            if record.rec_type in {"response", "resource"}:
                kind = (record.http_headers or record.rec_headers).get_header("Content-Type") or ""
                when = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
                return kind, record.content_stream().read(), when
    except (ArchiveLoadFailed, OSError, EOFError) as error:
        raise ValueError(str(error)) from error
    raise ValueError("no page")
