import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # of Debian's package rabbitmq-server


def free_ports(count):
    """Return ports of 127.0.0.1 that nothing listens on."""
    sockets = [socket.socket() for _number in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Rabbit:
    """A real RabbitMQ of its own on 127.0.0.1, with durable queues in a folder that goes with it.

    :ivar port: where it speaks AMQP; user and password are ``guest``
    """

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="med-rabbit-"))
        self.port, self.between, self.names = free_ports(3)
        self.process = None

    def start(self):
        (self.folder / "env").touch()
        base = {**os.environ, "HOME": str(self.folder)}
        self.environment = base | {
            "RABBITMQ_NODENAME": f"med{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.between), "ERL_EPMD_PORT": str(self.names),
            "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                "-kernel inet_dist_use_interface {127,0,0,1}"}
        with open(self.folder / "out", "ab") as out:
            self.process = subprocess.Popen(
                [SERVER], env=self.environment, cwd=self.folder, stdout=out, stderr=out,
                stdin=subprocess.DEVNULL, start_new_session=True)
        self._wait()
        return self

    def _wait(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError((self.folder / "out").read_text()[-3000:])

    def kill(self):
        """End it at once, as a power failure would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        subprocess.run(["epmd", "-port", str(self.names), "-kill"], env=self.environment,
                       capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
