#!/usr/bin/env python3
"""Carries bytes to another port and lets each of them arrive some milliseconds later, both ways; the throughput is not limited.

    delay_proxy.py TARGET_PORT PORT_FILE [--ms 10]

Listens on the loopback interface, on a free port that is written to PORT_FILE. Runs until it is killed. Standard library only.
"""
import argparse
import asyncio
import os
import socket

CHUNK = 1 << 18


async def read(reader, queue, delay):
    now = asyncio.get_running_loop().time
    while True:
        try:
            octets = await reader.read(CHUNK)
        except ConnectionError:
            octets = b""
        await queue.put((now() + delay, octets))
        if not octets:
            return


async def write(writer, queue):
    now = asyncio.get_running_loop().time
    try:
        while True:
            due, octets = await queue.get()
            if due > now():
                await asyncio.sleep(due - now())
            if not octets:
                break
            writer.write(octets)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main():
    a = argparse.ArgumentParser()
    a.add_argument("target", type=int)
    a.add_argument("port_file")
    a.add_argument("--ms", type=float, default=10)
    a = a.parse_args()

    async def carry(near_reader, near_writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", a.target, limit=CHUNK)
        for w in (near_writer, far_writer):
            w.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        up, down = asyncio.Queue(1000), asyncio.Queue(1000)
        await asyncio.gather(read(near_reader, up, a.ms / 1000), write(far_writer, up),
                             read(far_reader, down, a.ms / 1000), write(near_writer, down))

    server = await asyncio.start_server(carry, "127.0.0.1", 0, limit=CHUNK)
    with open(a.port_file + ".new", "w") as f:
        f.write("%d\n" % server.sockets[0].getsockname()[1])
    os.rename(a.port_file + ".new", a.port_file)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
