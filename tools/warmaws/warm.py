"""Keeps the AWS CLI imported and forks for each call.

Run by the Python that has the CLI: warm.py SOCKET. Each connection is one call:
a line of JSON {argv, env, cwd} with the descriptors 0, 1 and 2 beside it; the
answer is the exit code as a line. The CLI's own code runs, untouched; what is
saved is its start (half of what a call costs). A caller who goes away has its
call killed.
"""

import array
import json
import os
import select
import signal
import socket
import sys
import traceback

BEFORE = dict(os.environ)

import awscli.clidriver  # noqa: E402
import awscli.handlers  # noqa: E402, F401  imported by every call
import botocore.auth  # noqa: E402, F401
import botocore.httpsession  # noqa: E402, F401

# The CLI's own import sets variables (where its data lies): every call has them.
OWN = {k: v for k, v in os.environ.items() if BEFORE.get(k) != v}


def ask(conn):
    """Reads one call and its three descriptors."""
    room = array.array("i", [0, 0, 0])
    data, beside, _, _ = conn.recvmsg(1 << 16, socket.CMSG_SPACE(room.itemsize * 3))
    fds = []
    for level, kind, body in beside:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            got = array.array("i")
            got.frombytes(body[: len(body) - len(body) % got.itemsize])
            fds.extend(got)
    while data and not data.endswith(b"\n"):
        data += conn.recv(1 << 16)
    return json.loads(data or b"null"), fds


def call(order, fds):
    """Becomes the caller: its files, folder and environment; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for to, fd in enumerate(fds):
        os.dup2(fd, to)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"] | OWN)
    sys.argv = order["argv"]
    code = 255
    try:
        code = awscli.clidriver.main()
    except SystemExit as e:
        code = e.code if isinstance(e.code, int) else 0 if e.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for out in (sys.stdout, sys.stderr):
            try:
                out.flush()
            except OSError:
                pass
        os._exit(code or 0)


def serve_one(conn):
    """Runs in a fork of its own: starts the call, waits for it or for its caller."""
    order, fds = ask(conn)
    if len(fds) != 3:
        return
    woken, wake = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(woken)
        conn.close()
        os.setsid()
        os.set_inheritable(wake, False)
        call(order, fds)
    os.close(wake)
    for fd in fds:
        os.close(fd)
    ready, _, _ = select.select([woken, conn], [], [])
    if woken not in ready:
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    try:
        conn.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    except OSError:
        pass


def main():
    server = socket.socket(socket.AF_UNIX)
    server.bind(sys.argv[1])
    os.chmod(sys.argv[1], 0o600)
    server.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        conn, _ = server.accept()
        if os.fork() == 0:
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve_one(conn)
            os._exit(0)
        conn.close()


main()
