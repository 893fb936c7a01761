"""Copy bytes over one TCP connection, where there is no iperf3.

`tcp-copy.py serve` takes one connection, reads it to its end and prints Gbit/s.
`tcp-copy.py send ADDRESS SECONDS` connects, as soon as the other listens, and sends.
"""

import socket
import sys
import time

PORT = 5201
CHUNK = 1 << 20
PATIENCE = 5


def serve():
    with socket.create_server(("", PORT)) as server:
        server.settimeout(PATIENCE)
        connection, _ = server.accept()
    total = 0
    begin = time.perf_counter()
    with connection:
        connection.settimeout(PATIENCE)
        while data := connection.recv(CHUNK):
            total += len(data)
    print(8 * total / (time.perf_counter() - begin) / 1e9)


def send(address, seconds):
    deadline = time.perf_counter() + PATIENCE
    while True:
        try:
            connection = socket.create_connection((address, PORT), PATIENCE)
            break
        except ConnectionRefusedError:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.02)
    with connection:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            connection.sendall(bytes(CHUNK))


if sys.argv[1] == "serve":
    serve()
else:
    send(sys.argv[2], float(sys.argv[3]))
