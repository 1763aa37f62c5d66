"""Entry of the render process."""

from desktop.rendering.worker.zygote import serve

if __name__ == "__main__":
    serve()
