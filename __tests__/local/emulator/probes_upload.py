"""The probe of what a large upload costs."""

from __future__ import annotations

import time
import urllib.request

from emulator_support import Aws
from probes import probe

TOTAL_BYTES = 24 * 1024 * 1024
SMALL_BYTES = 8 * 1024
# A body is put together in one pass: small chunks cost a line each, not a copy of what came before.
TIMES_SLOWER_AT_MOST = 10


@probe("s3.chunked_body")
def a_body_in_many_small_chunks_takes_hardly_longer_than_in_one(aws: Aws) -> None:
    bucket = aws.bucket()
    part = bytes(range(256)) * (SMALL_BYTES // 256)
    content = part * (TOTAL_BYTES // SMALL_BYTES)

    def seconds(key: str, chunks: list[bytes]) -> float:
        lines = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks]
        body = b"".join(lines) + b"0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
        url = f"{aws.endpoint}/{bucket}/{key}"
        request = urllib.request.Request(url, body, method="PUT")
        request.add_header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        request.add_header("x-amz-decoded-content-length", str(len(content)))
        request.add_header("Content-Type", "application/octet-stream")
        signed = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"
        request.add_header("Authorization", f"{signed}, SignedHeaders=host, Signature=test")
        request.add_header("Content-Encoding", "aws-chunked")
        request.add_header("x-amz-trailer", "x-amz-checksum-crc32")
        began = time.monotonic()
        urllib.request.urlopen(request, timeout=60).close()
        return time.monotonic() - began

    # The best of three: others may work on this machine.
    one = min(seconds("one", [content]) for _ in range(3))
    small = [part] * (TOTAL_BYTES // SMALL_BYTES)
    many = min(seconds("many", small) for _ in range(3))
    assert aws.s3.get_object(Bucket=bucket, Key="many")["Body"].read() == content
    assert many < TIMES_SLOWER_AT_MOST * one, f"{many:.2f} s in chunks, {one:.2f} s in one"
