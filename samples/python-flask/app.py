import os
import socket

from flask import Flask, Response

VERSION = "version 1"

app = Flask(__name__)


@app.get("/")
def greeting():
    return Response(f"Hello from Python, {VERSION}\n", mimetype="text/plain")


@app.get("/instance")
def instance():
    return Response(f"{socket.gethostname()}\n", mimetype="text/plain")


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "5000")))
