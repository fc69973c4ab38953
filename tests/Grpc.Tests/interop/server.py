"""The echo service on stock gRPC, with raw bytes for messages. Prints its port, then what its handlers see."""
import sys
from concurrent import futures

import grpc


def say(what):
    print(what, flush=True)


def echo(request, context):
    return request


def count(requests, context):
    sizes = [len(request) for request in requests]
    return f"{len(sizes)} messages, {sum(sizes)} bytes".encode()


def repeat(request, context):
    times = int(dict(context.invocation_metadata())["times"])
    for _ in range(times):
        yield request


def chat(requests, context):
    for request in requests:
        yield request


def fail(request, context):
    context.set_trailing_metadata((("reason", "gone"), ("reason-bin", bytes([1, 2, 255]))))
    context.abort(grpc.StatusCode.NOT_FOUND, request.decode())


def headers(request, context):
    context.send_initial_metadata(tuple(pair for pair in context.invocation_metadata() if pair[0].startswith("x-")))
    context.set_trailing_metadata((("trailing", "yes"),))
    return b"deadline" if context.time_remaining() is not None else b"no deadline"


def wait(requests, context):
    context.add_callback(lambda: say("terminated"))
    context.send_initial_metadata(())
    try:
        for request in requests:
            yield request
    except Exception:
        pass


def gzipped(request, context):
    context.set_compression(grpc.Compression.Gzip)
    return request


def main():
    tls = sys.argv[1:]
    service = grpc.method_handlers_generic_handler("weft.test.Echo", {
        "Echo": grpc.unary_unary_rpc_method_handler(echo),
        "Count": grpc.stream_unary_rpc_method_handler(count),
        "Repeat": grpc.unary_stream_rpc_method_handler(repeat),
        "Chat": grpc.stream_stream_rpc_method_handler(chat),
        "Fail": grpc.unary_unary_rpc_method_handler(fail),
        "Headers": grpc.unary_unary_rpc_method_handler(headers),
        "Wait": grpc.stream_stream_rpc_method_handler(wait),
        "Gzipped": grpc.unary_unary_rpc_method_handler(gzipped),
    })
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(8), handlers=(service,), options=options)
    if tls:
        key, certificate = (open(path, "rb").read() for path in tls)
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(key, certificate)]))
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    say(port)
    sys.stdin.read()  # Ends with whoever started it.


main()
