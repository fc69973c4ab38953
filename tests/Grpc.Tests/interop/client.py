"""Calls the echo service with stock gRPC and raw bytes. Prints one line for each check; exits with 1 if any failed."""
import sys
import threading
import time
import traceback

import grpc

SERVICE = "/weft.test.Echo/"
LIMIT = 20  # seconds, for every call that is not about time


def unary(channel):
    assert channel.unary_unary(SERVICE + "Echo")(b"hi", timeout=LIMIT) == b"hi"
    assert channel.unary_unary(SERVICE + "Echo")(b"", timeout=LIMIT) == b""


def large_unary(channel):
    message = bytes(range(256)) * 64 * 1024  # 16 MiB
    assert channel.unary_unary(SERVICE + "Echo")(message, timeout=LIMIT) == message


def client_streaming(channel):
    requests = (bytes(i) for i in range(100))
    assert channel.stream_unary(SERVICE + "Count")(requests, timeout=LIMIT) == b"100 messages, 4950 bytes"


def server_streaming(channel):
    responses = channel.unary_stream(SERVICE + "Repeat")(b"again", timeout=LIMIT, metadata=(("times", "50"),))
    assert list(responses) == [b"again"] * 50


def duplex_streaming(channel):
    turn = threading.Semaphore(1)

    def requests():
        for i in range(100):
            assert turn.acquire(timeout=LIMIT)
            yield bytes([i])

    received = []
    for response in channel.stream_stream(SERVICE + "Chat")(requests(), timeout=LIMIT):
        received.append(response)
        turn.release()
    assert received == [bytes([i]) for i in range(100)]


def headers_before_any_message(channel):
    done = threading.Event()

    def requests():
        done.wait(LIMIT)
        return
        yield

    call = channel.stream_stream(SERVICE + "Greet")(requests(), timeout=LIMIT)
    assert dict(call.initial_metadata())["hello"] == "first"
    done.set()
    assert list(call) == []


def metadata(channel):
    sent = (("x-text", "with, comma"), ("x-raw-bin", bytes([0, 255, 7, 8])))
    response, call = channel.unary_unary(SERVICE + "Headers").with_call(b"", timeout=LIMIT, metadata=sent)
    received = dict(call.initial_metadata())
    assert response == b"deadline"
    assert received["x-text"] == "with, comma" and received["x-raw-bin"] == bytes([0, 255, 7, 8]), received
    assert dict(call.trailing_metadata())["method"] == SERVICE + "Headers"


def status_and_trailers(channel):
    text = "grüße, 100% 世界"
    try:
        channel.unary_unary(SERVICE + "Fail")(text.encode(), timeout=LIMIT)
        raise AssertionError("it did not fail")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND and error.details() == text, error
        trailers = dict(error.trailing_metadata())
        assert trailers["reason"] == "gone" and trailers["reason-bin"] == bytes([1, 2, 255]), trailers


def deadline(channel):
    start = time.monotonic()
    try:
        channel.unary_unary(SERVICE + "Sleep")(b"", timeout=0.3)
        raise AssertionError("it did not fail")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error
        assert time.monotonic() - start < LIMIT


def cancel(channel):
    done = threading.Event()

    def requests():
        done.wait(LIMIT)
        return
        yield

    call = channel.stream_stream(SERVICE + "Wait")(requests(), timeout=LIMIT)
    call.initial_metadata()
    call.cancel()
    done.set()
    assert call.code() == grpc.StatusCode.CANCELLED, call.code()


def unimplemented(channel):
    try:
        channel.unary_unary(SERVICE + "Missing")(b"", timeout=LIMIT)
        raise AssertionError("it did not fail")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNIMPLEMENTED, error


def gzip_is_refused(channel):
    try:
        channel.unary_unary(SERVICE + "Echo")(b"a" * 1000, timeout=LIMIT, compression=grpc.Compression.Gzip)
        raise AssertionError("it did not fail")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNIMPLEMENTED, error


CHECKS = [unary, large_unary, client_streaming, server_streaming, duplex_streaming, headers_before_any_message, metadata,
          status_and_trailers, deadline, cancel, unimplemented, gzip_is_refused]


def main():
    address, certificates = sys.argv[1], sys.argv[2:]
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    if certificates:
        credentials = grpc.ssl_channel_credentials(open(certificates[0], "rb").read())
        channel = grpc.secure_channel(address, credentials, options + [("grpc.ssl_target_name_override", "localhost")])
    else:
        channel = grpc.insecure_channel(address, options)
    failed = False
    for check in CHECKS:
        try:
            check(channel)
            print("passed", check.__name__, flush=True)
        except Exception:
            failed = True
            print("failed", check.__name__, traceback.format_exc(), flush=True)
    channel.close()
    sys.exit(1 if failed else 0)


main()
